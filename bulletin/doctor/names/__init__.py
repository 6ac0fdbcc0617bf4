"""What the DNS says about a domain: SPF, DKIM keys, DMARC, and which names belong together."""
