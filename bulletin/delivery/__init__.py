"""How an issue reaches each person, exactly once.

`sending` looks at what sending an issue would mean and, once a person agrees, does it: `ledger` freezes the mailing
(one row for each delivery), `dispatch` claims deliveries and has them sent, as fast as `limits` lets it, through
`smtp`, which transmits the bytes that `message` makes. Each result goes back to `ledger`. `plans` holds times at which
a mailing is to start; `record` reads the report and the certificate; `copies` makes what the ledger does not know: test
copies, exported files.

The rooms are layers; each imports only from those below it:
record | copies → sending → dispatch | plans → ledger → limits → smtp → message. Import each name from its module.
"""
