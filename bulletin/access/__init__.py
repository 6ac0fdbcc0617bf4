"""What other programs may do, by which token, and what they did.

`token_text` is how a token is written, `api_tokens` who has which, `action_log` what was done with them, `kept_answers`
what was answered, so that the same request sent twice does nothing twice.
"""
