"""What each word means that people type or read: the facts for `bulletin explain` and for the reference.

`fact` is one of them; `facts` gathers all and finds the right ones. Each source of facts is a function in a module of
its own, and is named once, in SOURCES of `facts`. Commands are handed in: only `cli` knows them.
"""
