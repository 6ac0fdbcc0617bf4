"""Rules that compare an issue with earlier ones: priorities, figures, promises, repetition."""
