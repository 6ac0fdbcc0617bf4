"""Commands of the group For IT: database, demo, help, version."""
