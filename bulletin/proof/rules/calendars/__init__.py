"""Rules on the dates that readers put into their calendars."""
