"""DMARC aggregate reports: unpacked within bounds, read, and summed up by who sends in our name."""
