"""Sign-offs: a named person's approval of exactly this content, and what has changed since."""
