"""What `bulletin explain` has beside the facts of the product: the commands as facts, and facts in words."""
