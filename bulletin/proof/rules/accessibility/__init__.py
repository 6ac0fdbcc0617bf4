"""Rules on accessibility, after WCAG 2.2."""
