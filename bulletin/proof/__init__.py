"""The proof: the editorial checks of an issue.

`proofing.proof_issue` reads an issue into a `context` (everything that a rule may look at), runs each `rule` of the
`registry` and the workspace's own (`custom_rules`), drops what `ignore_comments` allow, and returns findings. `formats`
prints them for people and programs, `fixes` applies the certain ones, `rule_pages` explains a rule. `earlier_issues`
and `mail_parts` read what a rule compares with: the issues before, and the parts of the email.

The rules are in `rules/`, a family each. They use `reading` (understands text), `links` (addresses, and the only
network) and `theme` (templates and CSS); these three know no rule. Only `preview` and `cli` import the proof.
"""
