"""What bulletin.yaml declares, checked: each module says what may be written there, and no more. Pure.

`settings` is the whole file. Its parts are in `organisation` (who publishes, the bulletins, lists and contributors),
`approval` (who has to approve), `sending` (how email is sent) and `proof` (how issues are proofed). `renamed` reads
settings that still have an older name. Secrets are in the environment, never here: see `workspace.secrets`.
Import each name from the module that has it. This room knows `declaration` and `issue`, and nothing above them.
"""
