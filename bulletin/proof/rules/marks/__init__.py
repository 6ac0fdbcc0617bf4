"""Rules on marks that were typed for a program, and that readers would see: of Markdown, other mailers, Word, notes."""
