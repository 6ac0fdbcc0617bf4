"""Rules on privacy: details that identify a person. All of them are private."""
