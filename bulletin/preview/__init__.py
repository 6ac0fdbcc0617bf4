"""What the editor sees while writing: the issue in a browser, new after each save.

`server` and `site` answer the browser; a `session` reads and renders the issue; `watch` notices a save and
`reload_events` tells the open pages. `line_map` leads from a place in it to the line in the file, `findings` shows
the proof beside it, `view` and `outlook` show it as other programs do. `guard` keeps other websites out (RFC 6454).
"""
