"""How much may leave, how fast, and when to stop.

`policies` states what the dispatch needs of a limit; `pace` is the one it gets: it counts departures in the database
for all processes together (`meter`, and `domains` for each recipient domain) and slows down when a server asks for it
(`throttle`). `provider_limits` knows what providers allow (`providers.toml`), `retry` when a deferred message is tried
again, `stop_rule` when too many refusals end a run, and `forecast` how long a mailing takes within all that.

Apart from `pace` the room is pure. It knows no mailing.
"""
