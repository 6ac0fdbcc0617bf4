"""Commands of the group Write: init, new, draft, collect, followups, preview, diff, schema, explain."""
