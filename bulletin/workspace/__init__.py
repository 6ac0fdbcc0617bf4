"""The workspace: the folder with bulletin.yaml, issues/, templates/ and subscribers/, and what is read from it.

`workspace` finds and opens it; nearly everything else is handed the frozen `Workspace` that it returns. `secrets` reads
what must never be in a file that people share: passwords and keys, from the environment or the state folder.
`package_data` says where the default theme, the starter and the sample are. `schemas` writes what editors complete and
check by.
Import each name from the module that has it. This room knows `settings`, `issue`, `declaration`, `disk` and `rights`.
"""
