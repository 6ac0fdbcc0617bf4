"""Rules on issues in two languages: whatever one says, the other says too."""
