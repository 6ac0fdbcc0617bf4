"""Commands of the group Lists: subscribers sync, add, remove, show."""
