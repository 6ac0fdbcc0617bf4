"""The record: what a person can show to others after an issue was sent. All but `usefulness` only read.

`report` collects counts, domains, reasons and times from `sending.overview` and `ledger.counts`; `timeline` groups the
times, `charts` draws them, and `report_page` makes the page (`report.html.j2`). `certificate` checks that the kept
edition is what was sent and approved; `certificate_page` puts it into words (`certificate.html.j2`). `usefulness`
counts what readers answer to “Was this useful?”.

No reader's address or name is in either. Nothing below imports this room; the commands `report` and `certificate` do.
"""
