"""Write files whole or not at all, and readable only for those who need them.

A file is written under another name beside its place, synced to the disk, and renamed in one step. Of several files,
all are renamed or none is: the old ones are kept until the last new one is in place.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.errors import Interrupted, Unwritten
from bulletin.rights import KNOWN_HERE, OWNER_ALONE, Rights, find_rights

CHECK_FOLDER: Final = "Check the folder’s permissions, and the room on its disk."


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file to be written. One that is there keeps its rights; a `new` one never takes the place of another.

    Without `rights` it gets those of any file that its user makes. What is too large for memory is given in pieces.
    """

    path: Path
    content: bytes | Iterable[bytes]
    rights: Rights | None = None
    new: bool = False


def write_whole(
    path: Path,
    content: bytes | Iterable[bytes],
    *,
    rights: Rights | None = None,
    new: bool = False,
    remedy: str = CHECK_FOLDER,
) -> None:
    """Write one file. Raises as `write_all` does."""
    write_all([File(path=path, content=content, rights=rights, new=new)], remedy=remedy)


def write_all(files: Sequence[File], *, remedy: str = CHECK_FOLDER) -> None:
    """Write all `files`, in folders that are made if need be, or none of them.

    Raises Unwritten, which ends with `remedy`, and Interrupted for Ctrl-C: all is as it was then, and both say so.
    """
    at = files[0].path if files else None
    try:
        with ExitStack() as folders, ExitStack() as leftovers, ExitStack() as undo:  # the last one is undone first
            staged = []
            for file in files:
                at = file.path
                staged.append(_stage(file, folders, leftovers))
            for ready in staged:
                at = ready.shown
                ready.put(undo, leftovers)
            undo.pop_all()
            folders.pop_all()
    except FileExistsError as error:
        raise Unwritten(f"{at} is there already.", _say_unchanged(files), strerror=str(error.strerror)) from error
    except OSError as error:
        message = f"{at} cannot be written: {error.strerror}."
        raise Unwritten(message, f"{_say_unchanged(files)} {remedy}", strerror=str(error.strerror)) from error
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted. {_say_unchanged(files)}") from None


def write_state(folder: Path, name: str, content: bytes) -> None:
    """Write the file `name` below a state folder, for those who may write in that. Raises Unwritten."""
    write_whole(folder / name, content, rights=prepare_state(folder))


def prepare_state(folder: Path) -> Rights:
    """Make a state folder unless it is there; the rights of what is made in it. Raises Unwritten."""
    try:
        make_private_folder(folder)
        return find_rights(folder)
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}."
        raise Unwritten(message, CHECK_FOLDER, strerror=str(error.strerror)) from error


def make_private_folder(path: Path, rights: Rights = OWNER_ALONE) -> None:
    """Make a folder, and those above it, unless they are there. Raises OSError."""
    for _ in _make_folders(path, rights):
        pass


def make_private_file(path: Path, rights: Rights = OWNER_ALONE) -> None:
    """Make an empty file for another program to write to, unless there is one. Raises OSError."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE.file_mode))
    except FileExistsError:
        return
    rights.give_file(path)


def sync_folder(folder: Path) -> None:
    """Sync a folder's entries to the disk. Windows cannot open a folder, and does this itself. Raises OSError."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ready:
    """A file that is written, beside its place. `shown` is how its user calls it; `path` is where links lead."""

    shown: Path
    path: Path
    temporary: Path
    new: bool
    identity: tuple[int, int]

    def put(self, undo: ExitStack, leftovers: ExitStack) -> None:
        """Put it in its place, with a way back prepared first."""
        if self.new:
            undo.callback(self._take_back)
            _move_to_free(self.temporary, self.path)
            return
        if self.path.exists():
            self._keep_aside(undo, leftovers)
        else:
            undo.callback(self._take_back)
        self.temporary.replace(self.path)

    def _keep_aside(self, undo: ExitStack, leftovers: ExitStack) -> None:
        kept = _name_temporary(self.path)
        leftovers.callback(kept.unlink, missing_ok=True)
        try:
            os.link(self.path, kept)
        except OSError:  # a disk that has one name for each file
            shutil.copy2(self.path, kept)
        undo.callback(kept.replace, self.path)

    def _take_back(self) -> None:
        """Remove the file, if it is the one that was put there, and not another's."""
        with suppress(OSError):
            if _identify(self.path.stat()) == self.identity:
                self.path.unlink()


def _stage(file: File, folders: ExitStack, leftovers: ExitStack) -> _Ready:
    """Write the content beside the file's place, with the rights that the file is to have."""
    path = Path(os.path.realpath(file.path)) if file.path.is_symlink() else file.path
    for folder in _make_folders(path.parent, file.rights):
        folders.callback(_remove_folder, folder)
    before = _find(path)
    if file.new and before:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = _name_temporary(path)
    leftovers.callback(temporary.unlink, missing_ok=True)
    plain = before is None and file.rights is None
    with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o666 if plain else 0o600)) as written:
        written.writelines([file.content] if isinstance(file.content, bytes) else file.content)
        written.flush()
        if before:
            _keep_rights(temporary, before)
        elif file.rights:
            file.rights.give_file(temporary)
        os.fsync(written.fileno())
        identity = _identify(os.fstat(written.fileno()))
    return _Ready(shown=file.path, path=path, temporary=temporary, new=file.new, identity=identity)


def _find(path: Path) -> os.stat_result | None:
    """What is known of a file that is there. Raises OSError for what is no file, and could not be put back."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EISDIR, "Is a directory" if stat.S_ISDIR(found.st_mode) else "Is not a file")
    if not os.access(path, os.W_OK):  # it could be replaced all the same, but someone has protected it
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return found


def _keep_rights(path: Path, before: os.stat_result) -> None:
    if not KNOWN_HERE:
        return
    with suppress(PermissionError):  # another's file in a folder that is shared: its group at least, if that may be
        os.chown(path, before.st_uid if os.geteuid() == 0 else -1, before.st_gid)
    path.chmod(stat.S_IMODE(before.st_mode))


def _make_folders(path: Path, rights: Rights | None) -> Iterator[Path]:
    """Each folder that had to be made for `path`, outermost first."""
    missing = []
    while not path.exists() and path != path.parent:  # the folder we are in may be gone
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        try:
            folder.mkdir(0o777 if rights is None else 0o700)
        except FileExistsError:  # another process has made it meanwhile
            continue
        yield folder
        if rights:
            rights.give_folder(folder)


def _move_to_free(temporary: Path, path: Path) -> None:
    """Give a file its name, unless another has that. Raises FileExistsError."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that has one name for each file
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.replace(path)


def _name_temporary(path: Path) -> Path:
    """A name beside `path` that no other process chooses, and that is short however long that one is."""
    return path.with_name(f".{secrets.token_hex(8)}.new")


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # another process has put something there meanwhile
        folder.rmdir()


def _identify(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _say_unchanged(files: Sequence[File]) -> str:
    return "Nothing was written." if len(files) == 1 else f"None of {len(files):,} files was written."
