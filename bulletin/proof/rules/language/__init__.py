"""Rules on language: spelling, terms, readability, typography."""
