"""A new workspace, made from a person's answers.

`answers` checks what is answered. `first_issue` plans the first month, `mail_provider` guesses who runs the email, and
`logo_file` makes a logo ready. `starter` writes the folder: all of it, or nothing.
"""
