"""Languages that readers are written to in, and the fixed phrases in each. Pure but for the package's own files.

`known` lists the languages. `catalogue` says a phrase in one of them; `cy.po` has the Welsh, and `cy.mo` is what
`make phrases` compiles of it. Dates and times by language are in `edition.languages.speech`, which most callers want
instead.
"""
