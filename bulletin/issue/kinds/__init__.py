"""The kinds of section, one a file, with all that the program knows of a kind: its fields and its traits. Pure."""
