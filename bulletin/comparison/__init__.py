"""What changed between two issues, in words.

`difference.compare_issues` pairs sections and items of the two (`pairing`), finds what was reworded (`rewording`), and
`changes` puts the rest into lines that `bulletin diff` and `bulletin approve` print. Pure.
"""
