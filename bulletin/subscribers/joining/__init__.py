"""Joining a list by oneself: from a form on the website to a membership, with evidence of the person's own yes.

`sign_up` keeps what was asked for, whatever the address is. `decision` looks later who it is, and who gets an email.
`confirmation` does what a person confirms, `requests` what an officer decides where `open:` wants that, `expiry` ends
what no one answered. `limits` counts how often is asked, `deadlines` are the days that people are told.
"""
