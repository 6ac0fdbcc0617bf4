"""What `bulletin send` and `bulletin run` mean.

`sending` says what sending an issue now would mean (`look_ahead`) and carries it out; `runner` does the same for every
mailing that is due, without a person. Both ask the guards first: `rewound` (a ledger that went back in time), `doubts`
(people who may have received it), approvals, and the consent that a person gave. `estimates` foresees how long it
takes, `overview` reads the state of an issue's mailings, `relays` opens the servers of the settings, `log` writes the
log of deliveries, and `last_failure` remembers why a run could not continue.

It may use everything in `delivery` but `record` and `copies`.
"""
