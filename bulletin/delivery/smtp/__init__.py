"""SMTP as the RFCs have it: from an envelope and bytes to an outcome.

`protocol` is the client's side of a session without any I/O (RFC 5321, 2920, 3207, 4954, 6531): it is given lines and
gives back lines and outcomes. `connection` runs it over a socket in `event_loop`; `mailer` sends one message and waits.
`relay` is a server's address, `extensions` what it offers, `auth` and `oauth` how we log in, `reply` and `outcome` what
it said and what that means, `classification` which replies are about us, about the recipient, or ask to slow down.
`diagnostics` tells what a server's words mean, also in a report that comes later; `server_phrases` has those words.

docs/smtp.md has every reply at every step. The room knows no mailing and no database: it could be a library.
"""
