"""The pages of the archive: what they say, and how they are rendered. Pure.

An issue comes here without what is not for the public. No page knows a clock, a database or an audience.
"""
