"""The dates of an issue for readers' calendars: its entries, and files of iCalendar (RFC 5545). Pure.

An issue comes here without what is not for the public. No file here knows a clock, a database or chance.
"""
