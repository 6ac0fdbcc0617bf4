"""What `bulletin doctor` and `bulletin dmarc` found, in words."""
