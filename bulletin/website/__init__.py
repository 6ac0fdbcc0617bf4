"""What the public sees: the pages where readers subscribe, choose, unsubscribe and complain.

`pages` has a view of each page and the function that renders it; the words are in the theme, `templates/web/`. `frame`
is what all pages have in common, `problems` the pages for what went wrong. `application` puts routes and `guard`
together: who may ask, how much, and which headers each answer has. `visitors` says who asks, behind a proxy too.
`static_pages` has the routes that need no more than that. The others work on a `site`: its database, its keys, its
clock. `server` serves it all.
"""
