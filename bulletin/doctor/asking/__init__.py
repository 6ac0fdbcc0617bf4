"""What other programs say: the mail server, web pages, Git, the ledger. Nothing is sent to anyone, or changed."""
