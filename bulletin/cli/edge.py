"""The edge: where errors become exit codes, and the only place that catches everything.

0 done · 1 a fault that the user can fix · 2 wrong usage · 3 our bug · 130 interrupted
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

from bulletin import PUBLISHED_NAME, __version__
from bulletin.cli.app import find_app
from bulletin.cli.terminal import warn
from bulletin.errors import BulletinError, Interrupted

EXIT_FAULT = 1
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


def run_and_exit() -> None:
    """Run the command line on the streams that are there, and exit with the code that says how it went."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without “ ” shows ? instead of failing
    code = run()
    gc.freeze()  # else Python searches all that was made for cycles once more, only to end
    sys.exit(code)


def _open_closed_streams() -> None:
    """Replace a stream that was closed before we began (`>&-`, some schedulers) by one that leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 -- until the end


def run() -> int:
    """The exit code of the command that the arguments name."""
    try:
        return int(find_app(sys.argv[1:])(prog_name="bulletin", standalone_mode=False) or 0)
    except BulletinError as error:
        _tell(str(error))
        return EXIT_FAULT
    except TyperException as error:  # wrong usage: it knows how to say so, and its exit code
        error.message = error.message.replace("Value error, ", "", 1)  # Pydantic's own words
        _print_usage_error(error)
        return int(error.exit_code)
    except (Interrupted, KeyboardInterrupt, Abort) as error:
        _tell(str(error) or "Interrupted.")
        return EXIT_INTERRUPTED
    except OSError as error:
        if error.errno in _NO_READER and error.filename is None:
            return _leave_quietly()
        if error.errno in _SURROUNDINGS:
            _tell(f"{_describe_surroundings(error)} {_SURROUNDINGS[error.errno]}")
            return EXIT_FAULT
        return _report_bug(error)
    except Exception as error:  # noqa: BLE001 -- the edge: a traceback shown to a user is a bug
        return _report_bug(error)


def _tell(text: str) -> None:
    """Say it on standard error. If that is closed, the exit code alone says how it went."""
    with suppress(OSError):
        warn(text)


def _print_usage_error(error: TyperException) -> None:
    """Say it in the framework's words, which quote what was typed."""
    show = getattr(error, "show", None)
    words = StringIO()
    if show:
        show(file=words)
    _tell(words.getvalue().rstrip("\n") or error.format_message())


# The reader of our output has gone (`bulletin status | head`), or the terminal has.
_NO_READER = (errno.EPIPE, errno.EIO)


_RIGHTS = "Check the permissions of the file and its folder."
_ROOM = "Make room on the disk, and run the same command again."
_PLACE = "Check that it is still there, and run the same command again."
_NAME = "Give another name."
_AGAIN = "Close other programs, and run the same command again."
_DISK = "Check the disk or the network, and run the same command again."

# What the system says about files, folders and disks. Anything else that it refuses is our bug.
_SURROUNDINGS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _RIGHTS),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _ROOM),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST, errno.ELOOP), _PLACE),
    **dict.fromkeys((errno.ENAMETOOLONG, errno.EILSEQ), _NAME),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EBUSY, errno.ETXTBSY), _AGAIN),
    **dict.fromkeys((errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.ETIMEDOUT), _DISK),
}


def _describe_surroundings(error: OSError) -> str:
    why = (error.strerror or "your computer refused").rstrip(".")
    if error.filename is not None and not isinstance(error.filename, int):
        return f"{os.fsdecode(error.filename)} cannot be used: {why}."
    try:
        Path.cwd()
    except OSError:
        return "The folder you are in no longer exists."
    return f"Your computer refused: {why}."


def _leave_quietly() -> int:
    """Keep Python from writing the rest at exit: no one reads it."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return EXIT_FAULT


def _report_bug(error: Exception) -> int:
    report = _describe_bug(error)
    _tell(f"This is a fault of bulletin itself, not yours: {type(error).__name__}.")
    try:
        path = _write_report(report)
    except Exception as refused:  # noqa: BLE001 -- without a file, the report itself is shown
        told = [f"Bulletin could not write a report ({type(refused).__name__}). It would say:", "", report]
    else:
        told = [f"The report is in {path}."]
    for line in (*told, "Please send it to the person who looks after bulletin."):
        _tell(line)
    _tell("Read it first: it can contain addresses. The record of what you sent is safe.")
    return EXIT_BUG


def _describe_bug(error: Exception) -> str:
    """All that can be found out. If one part fails, the others are still there."""
    lines = [f"bulletin {__version__} (package {PUBLISHED_NAME}), Python {platform.python_version()}"]
    with suppress(Exception):
        lines[0] += f", {platform.platform()}"
    lines += [f"command: {' '.join(map(str, sys.argv[1:]))}", ""]
    try:
        lines.append("".join(traceback.format_exception(error)))
    except Exception:  # noqa: BLE001 -- an error that cannot even be written down
        lines.append(type(error).__name__)
    return "\n".join(lines)


def _write_report(report: str) -> Path:
    """Write it whole, or not at all."""
    handle, name = tempfile.mkstemp(prefix="bulletin-report-", suffix=".txt")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(report)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)
