"""Commands of the group Check: check."""
