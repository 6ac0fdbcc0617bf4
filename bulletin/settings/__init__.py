"""What bulletin.yaml declares, read from the file and checked.

`settings` is the whole file. Its parts are in `organisation` (who publishes, the bulletins, lists and contributors),
`approval` (who has to approve), `sending` (how mail is sent) and `proof` (how issues are proofed). All are pure: they
say what may be written, and no more. Secrets are in the environment, never here: see `workspace.secrets`.
Import each name from the module that has it. This room knows `declaration` and `issue`, and nothing above them.
"""
