"""What the editor sees while writing: the issue in the browser, live."""
