"""What our web servers share, whatever they show: the preview for editors, the website for readers.

`headers` sets what keeps a page apart from those of others, `origins` reads which site a request is for and from,
`serving` listens on a socket and answers until it is stopped.
"""
