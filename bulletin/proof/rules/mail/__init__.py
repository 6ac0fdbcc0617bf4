"""Rules on email: what inboxes, mail programs and spam filters do with an issue."""
