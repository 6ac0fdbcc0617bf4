"""The kinds of section: one file each, with its fields and its traits. Pure.

`ls` here answers what an issue can hold. A kind needs templates as well, `templates/email/sections/KIND.html.j2`,
`templates/text/sections/KIND.txt.j2` and `templates/web/archive/sections/KIND.html.j2`, and its name in
`issue/sections.py`. CONTRIBUTING.md has a worked example. A kind may import `item`, `section`, `traits` and `dates`,
and no other kind.
"""
