"""What readers choose on their own page: which lists, how they are greeted, plain text, a language, a pause.

`present_choices` says what they get now, and `saving` carries out what they changed.
"""
