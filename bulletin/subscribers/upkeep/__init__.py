"""What an officer does to lists, other than editing their files: import, undo, add, and see who is on them.

An import begins with a file of another program. `export_file` reads its rows, from CSV, from a workbook (`sheet_file`)
or from a ZIP of CSV files. `programs` is the table of programs that we know, as data. `column_guess` finds which
columns mean what, `import_rows` what one row says, and `import_plan` what all of them would do. `importing_people`
does it: suppressions first, then the list's file in one step (`list_writing`), then a sync. `undoing` takes the last
import back, and never a suppression. `listing` counts and lists.

Only commands import this room; it imports the rest of `subscribers`, and knows no mailing.
"""
