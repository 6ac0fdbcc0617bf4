"""The next month: what rolls forward from the last issue, what was promised, and what is to be written."""
