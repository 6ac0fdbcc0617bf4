"""Commands of the group Publish: render, theme."""
