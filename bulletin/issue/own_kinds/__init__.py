"""Kinds of section that a workspace declares in files: what such a file says, and the model that is made of it.

A file is data only. It names value types of ours and gives words; nothing in it is run, imported or compiled.
"""
