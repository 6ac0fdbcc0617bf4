"""The checks, in families. Each is one function with a decorator; its page is made from its docstring."""
