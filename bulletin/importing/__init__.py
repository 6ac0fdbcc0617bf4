"""Taking in an old bulletin: a file of another program becomes the draft of an issue."""
