"""Rules on facts of the whole issue: counts, dates and times that disagree, and what is announced but not there."""
