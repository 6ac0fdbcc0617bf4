"""Search of past issues: what can be found, the index that browsers search, and the search that `serve` does itself."""
