"""Commands of the group Lists: `bulletin subscribers …`, one file a command."""
