"""Ways out that are not SMTP: a class with one method each, run beside SMTP by the same loop.

`transport` says what such a class is, `transport_connection` runs one as if it were a connection, and `opening` chooses
between SMTP and these. `graph` is Microsoft's.
"""
