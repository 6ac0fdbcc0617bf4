"""The edge: where errors become exit codes, and the only place that catches everything.

0 done · 1 a fault that the user can mend · 2 wrong usage · 3 our bug · 130 interrupted
"""

from __future__ import annotations

import errno
import gc
import os
import platform
import sys
import tempfile
import traceback
from contextlib import suppress
from io import StringIO
from pathlib import Path

from typer.exceptions import Abort, TyperException

from bulletin import __version__
from bulletin.cli.app import app
from bulletin.cli.terminal import complain
from bulletin.errors import BulletinError, Interrupted

EXIT_FAULT = 1
EXIT_BUG = 3
EXIT_INTERRUPTED = 130

# Between two looks for cycles, as against 700: there are few, and looking takes a twentieth of a command's time, and a
# seventh of sending.
_NEW_OBJECTS = 50_000


def main() -> None:
    """Run the command line and exit with the code that says how it went."""
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without “ ” shows ? instead of failing
    sys.exit(run())


def run() -> int:
    """The exit code of the command that the arguments name."""
    try:
        return int(app(prog_name="bulletin", standalone_mode=False) or 0)
    except BulletinError as error:
        complain(str(error))
        return EXIT_FAULT
    except TyperException as error:  # wrong usage: it knows how to say so, and its exit code
        error.message = error.message.replace("Value error, ", "", 1)  # Pydantic's words, and nobody else's
        _complain_of_usage(error)
        return int(error.exit_code)
    except (Interrupted, KeyboardInterrupt, Abort) as error:
        with suppress(OSError):  # the terminal may be closed
            complain(str(error) or "Interrupted.")
        return EXIT_INTERRUPTED
    except OSError as error:
        return _leave_quietly() if error.errno in _NOBODY_LISTENS else _report_bug(error)
    except Exception as error:  # noqa: BLE001 -- the edge: a traceback shown to a user is a bug
        return _report_bug(error)


def _complain_of_usage(error: TyperException) -> None:
    """In the framework's words, which quote what was typed."""
    show = getattr(error, "show", None)
    words = StringIO()
    if show:
        show(file=words)
    complain(words.getvalue().rstrip("\n") or error.format_message())


_NOBODY_LISTENS = (
    errno.EPIPE,
    errno.EIO,
)  # whoever read our output has gone (`bulletin status | head`); a terminal has


def _leave_quietly() -> int:
    """There is nobody to tell."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return EXIT_FAULT


def _report_bug(error: Exception) -> int:
    complain(f"This is a fault of bulletin itself, not yours: {type(error).__name__}.")
    complain(f"A report is in {_write_report()}. Please send it to whoever maintains bulletin here;")
    complain("look through it first, since it can hold addresses. Nothing that was sent is forgotten.")
    return EXIT_BUG


def _write_report() -> Path:
    handle, name = tempfile.mkstemp(prefix="bulletin-report-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as report:
        report.write(f"bulletin {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        report.write(f"command: {' '.join(sys.argv[1:])}\n\n{traceback.format_exc()}")
    return Path(name)
