"""A message's bytes.

`template.build_template` makes an edition into a MIME message once (RFC 5322, 2045, 2369, 8058), with places for what
differs from reader to reader; addressing it to a subscriber joins bytes. `personal_links`, `message_id` and
`return_path` write what names a reader or a delivery. `headers` and `quoted_printable` encode what the standard library
gets wrong. Pure.
"""
