"""What is said of readers: who is on a list, who came and went, whose data was deleted."""
