"""Write a file that a person edits: whole or not at all, and byte for byte as given."""

from __future__ import annotations

from pathlib import Path

from bulletin.errors import BulletinError


def write_whole(path: Path, text: str) -> None:
    """Put `text` in the place of the file in one step. Raises BulletinError if it cannot be written."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(text.encode())
        fresh.replace(path)
    except OSError as error:
        raise BulletinError(
            f"{path} cannot be written: {error.strerror}.", "Check the folder’s permissions."
        ) from error
