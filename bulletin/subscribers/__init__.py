"""Who gets it, and by what right: addresses, list files, memberships, suppressions, unsubscribe links."""
