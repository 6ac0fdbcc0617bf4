"""How an edition gets to each subscriber, once: messages, the SMTP server, the ledger."""
