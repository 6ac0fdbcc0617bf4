"""A monthly e-bulletin: written as YAML, checked, rendered, and sent once to each subscriber."""

__version__ = "0.1.0"
