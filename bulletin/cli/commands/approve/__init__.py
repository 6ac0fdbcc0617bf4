"""Commands of the group Approve: approve."""
