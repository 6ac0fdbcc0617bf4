"""Contributions of partners: from files in a folder to items in an issue's file.

`arrivals` finds the files; `table` and `workbook` read them into rows, `contribution` checks each into items (`holding`
holds back those with faults), `merging` puts these into the issue's file, and `memory` remembers what was taken over,
so that a correction shows. `pictures` are copied. `awaiting` says who has not replied. `forms` writes the workbooks
that partners fill in.
"""
