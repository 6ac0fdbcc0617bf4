"""A monthly e-bulletin: written as YAML, checked, rendered, and sent once to each subscriber."""

__version__ = "0.1.0"

PUBLISHED_NAME = "ebulletin"
"""What pip knows the package by. The command and the package in Python are called bulletin."""
