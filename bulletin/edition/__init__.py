"""What readers see: an issue rendered as HTML and plain text, the same for everyone in its audience.

`build.make_edition` reads the theme and renders once: `rendering` fills the templates, `inlining` moves the CSS into
the tags, `markdown_html` and `markdown_text` render texts, `pictures` and `palette` prepare what the templates need.
`slots` are the placeholders that are replaced for each reader. `bounds` keeps a theme's templates within their limits.
Pure but for reading the theme's files and pictures. Everything that shows an issue calls this room.
"""
