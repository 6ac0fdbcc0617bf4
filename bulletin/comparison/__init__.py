"""What readers will find new, changed, gone and unchanged: one issue against another, in words."""
