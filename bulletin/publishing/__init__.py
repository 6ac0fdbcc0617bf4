"""The web archive, built into a folder: what is public and from when, what changed, and the promises that are kept."""
