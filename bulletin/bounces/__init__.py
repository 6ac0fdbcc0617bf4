"""What comes back by email: from the bytes of a message to verdicts on deliveries.

`mime` cuts a message into parts, and `returned_email` tells its own words from the email that it returns.
`delivery_status`, `nonstandard` and `complaint_report` find what it reports; `automatic_replies` and `removal_requests`
read what is no report. `match` tells which delivery it is about, and `judgement` puts it all together into a `verdict`
for each recipient, with `masking` over what is kept. `soft_policy` and `storm_guard` decide what verdicts lead to.
`report_key` recognises a message that was read before. `mailbox/` fetches messages; no other part does I/O.

A message is a stranger's: nothing that it holds makes the room fail, or suppresses a reader without proof.
"""
