"""One file a step, numbered. A step that has been released never changes: databases are standing on it."""
