"""What tells those who look after the server, and the officer, how sending is going: counts alone, and no address.

`health` says whether the database answers, `metrics` has the figures in the form that Prometheus reads.
"""
