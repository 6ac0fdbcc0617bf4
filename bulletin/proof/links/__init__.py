"""Web and mail addresses: how they are written, who owns them, and whether they answer.

`written`, `hosts` and `safe_links` read addresses in text (pure). `checker` asks the servers, through `link_client`,
which never connects to a private network, and `cache` keeps the answers for a while (`status`). It knows no rule.
"""
