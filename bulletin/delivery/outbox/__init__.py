"""Emails to one person that are no issue: confirmations, welcomes, answers, acknowledgements, alerts.

What wants one puts a row into the outbox (`subscribers.outbox`). `claims` takes them one by one, as the ledger does
with deliveries: each is claimed durably before it leaves, and recorded after the server's answer. What was on its way
when the program ended is uncertain, and never sent again. `notices` finds the words for each kind, `paragraphs` puts
them into plain text and HTML, and `courier` sends them within the relay's limits.
"""
