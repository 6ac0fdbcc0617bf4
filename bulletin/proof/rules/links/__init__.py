"""Rules on links: their words and their addresses."""
