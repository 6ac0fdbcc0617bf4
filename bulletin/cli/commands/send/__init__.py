"""Commands of the group Send: test, send, schedule, unschedule, run, pause, cancel."""
