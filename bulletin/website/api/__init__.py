"""`/api/v1`: what other programs may ask for. Nothing here can approve or send.

`bodies` is what they send and get, `calls` what is done, `openapi` its description.
"""
