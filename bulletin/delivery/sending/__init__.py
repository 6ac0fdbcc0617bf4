"""What `bulletin send` and `bulletin run` mean.

`send_preview` says what sending an issue now would mean, and `sending` does it once a person agrees. `runner` does both
for every mailing that is due, without a person. Each asks the guards first: `rewound` (a ledger that went back in
time), `doubts` (people who may have received it), `website_check` (links that would not work), approvals, and the
consent that a person gave. `estimates` foresees how long it takes, `overview` reads how an issue is going, `relays`
opens the servers of the settings, `log` writes the log of deliveries, and `last_failure` remembers why a run could not
continue.

It may use everything in `delivery` but `record` and `copies`.
"""
