"""Rules on structure: what is missing, out of order, too long or there twice."""
