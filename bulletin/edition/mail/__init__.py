"""What only the email's templates are given: words by the language of a part, the halves of a bilingual issue. Pure.

`spoken` has the functions and filters, `halves` an issue in each of its languages with the settings in that language.
"""
