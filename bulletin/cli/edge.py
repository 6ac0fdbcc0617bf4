"""The edge: where errors become exit codes, and the only place that catches everything.

0 done · 1 a fault that the user can mend · 2 wrong usage · 3 our bug · 130 interrupted
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from typer.exceptions import Abort, TyperException

from bulletin import __version__
from bulletin.cli.app import app
from bulletin.cli.terminal import complain
from bulletin.errors import BulletinError, Interrupted

EXIT_FAULT = 1
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with the code that says how it went."""
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
    except BrokenPipeError:  # whoever read our output has gone (`bulletin status | head`): there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAULT
    except TyperException as error:  # wrong usage: it knows how to say so, and its exit code
        show = getattr(error, "show", None)
        show() if show else complain(error.format_message())
        return int(error.exit_code)
    except (Interrupted, KeyboardInterrupt, Abort) as error:
        complain(str(error) or "Interrupted.")
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the edge: a traceback shown to a user is a bug
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
