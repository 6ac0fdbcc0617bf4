"""The pages: for each a view, which has all that differs from one visit to another, and the function that renders it.

A view is frozen and complete, and has no full address where a stranger could look: addresses come masked. The words are
in the theme's templates, so faults come as names. Pure but for the theme's files.
"""
