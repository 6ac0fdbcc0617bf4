"""PDF files made from a few lines."""

from __future__ import annotations

from pathlib import Path


def write_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    written, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    path.write_bytes(written + end % (size, table, size, len(written)))
    return path
