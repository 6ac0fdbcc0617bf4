"""The rules: a folder for each family, a file for one rule or a few that go together, so `ls` finds them.

Each module ends in RULES, the rules in the order in which they are shown; `proof.registry` lists the modules. A rule is
a function decorated with `@rule(code, ...)`, which yields violations; its examples are its page in docs/rules and its
test. CONTRIBUTING.md shows how to add one. Rules import `proof.context`, `proof.rule`, `proof.finding` and the rooms
below: `reading`, `links`, `theme`. None imports another family.
"""
