"""What partner agencies send in: read, held to the issue's own model, and put in its place."""
