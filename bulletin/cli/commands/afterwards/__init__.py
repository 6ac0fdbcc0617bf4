"""Commands of the group Afterwards: status, resolve, report, certificate."""
