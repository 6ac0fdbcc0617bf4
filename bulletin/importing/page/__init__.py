"""A web page in reading order: what its style sheet does to words, and what surrounds the text of a bulletin."""
