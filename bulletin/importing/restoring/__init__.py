"""The restoring of what a format doesn't say: typed lists, lines of dates, levels of headings, continued articles."""
