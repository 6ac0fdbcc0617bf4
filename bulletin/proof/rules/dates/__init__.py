"""Rules on dates: weekdays, years, tenses, deadlines."""
