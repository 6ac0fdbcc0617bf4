"""Words of the commands that publish: what a build of the archive did, and which part is in whose edition."""
