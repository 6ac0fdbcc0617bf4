"""Ways out of this computer, and what comes from outside: connections, web pages, a received test copy."""
