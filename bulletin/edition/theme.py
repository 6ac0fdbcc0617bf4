"""The theme: folders of Jinja templates, of which the first that has a file wins. This module owns Jinja.

What is wrong in a template is a ThemeError that names file and line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.environment import Environment

from bulletin.edition.bounds import BoundedEnvironment, SafeEnvironment, bounded
from bulletin.edition.theme_version import REPLACED, VERSION, is_former
from bulletin.errors import ThemeError

# The errors of an expression in a template, of a filter with a wrong value, and of Python for a template that is nested
# too deep.
_FAULTS_OF_EXPRESSIONS = (ArithmeticError, AttributeError, LookupError, MemoryError, SyntaxError, TypeError, ValueError)

_SUFFIXES = (".j2", ".css")
_OF_EMAILS = ("email/", "text/")
_LARGEST_FILE = 500_000  # bytes; those of the product have at most 6,000

_REMEDY = "Fix the template, or delete it from your templates folder to use the one that comes with the product."


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Where templates are looked for: a workspace's own folder first, then the one that comes with the product.

    Templates of the product are trusted. With others there are bounds: see `bulletin.edition.bounds`.

    A changed template is always read again. With `settled`, no one looks whether files have come or gone: that is for
    a server, where it would take longer than a page.
    """

    folders: tuple[Path, ...]
    settled: bool = False

    @property
    def is_own(self) -> bool:
        """Whether a workspace's folder comes before the product's."""
        return bool(self._own_folders)

    @property
    def _own_folders(self) -> tuple[Path, ...]:
        return tuple(folder for folder in self.folders[:-1] if folder.resolve() != self.folders[-1].resolve())

    def render(self, name: str, *, filters: Mapping[str, Callable[..., object]], context: Mapping[str, object]) -> str:
        """The template `name` (`email/issue.html.j2`) with `context`; what it prints is escaped if it is HTML.

        Raises ThemeError for any fault in it or in a template that it includes.
        """
        try:
            environment = _open_environment(self.folders, self._list_files(), tuple(filters.items()), own=self.is_own)
            with bounded():
                return environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise _theme_error(f"{error.filename or name}:{error.lineno}", error.message or "") from error
        except TemplateNotFound as error:
            raise _theme_error(self._find_place(error, name), f"there is no template {error.name}") from error
        except _Refused as error:
            raise ThemeError(f"{error.message}.", error.remedy) from error
        except UnicodeDecodeError as error:
            raise _theme_error(self._find_place(error, name), "a template here is not saved as UTF-8") from error
        except RecursionError as error:
            problem = "this template includes itself, or a macro calls itself"
            raise _theme_error(self._find_place(error, name), problem) from error
        except (TemplateError, *_FAULTS_OF_EXPRESSIONS) as error:
            raise _theme_error(self._find_place(error, name), str(error) or "this is nested too deep") from error

    def refuse_former(self) -> None:
        """Raises ThemeError if a workspace has files that only a former theme used: they would be without effect."""
        former = [folder / name for folder in self.folders[:-1] for name in REPLACED if (folder / name).is_file()]
        if former:
            raise ThemeError(
                f"Written for a former theme: {', '.join(map(str, former))}.",
                "`bulletin check` says what replaced each. Delete them to use the new look.",
            )

    def _list_files(self) -> tuple[Path, ...]:
        """A workspace's templates and style sheets: an added one may replace one that came with the product."""
        if self.settled:
            return ()
        return tuple(sorted(path for folder in self._own_folders for path in find_files(folder)))

    def _find_place(self, error: Exception, name: str) -> str:
        """`file:line` of the innermost template on the way to `error` (Jinja writes templates into tracebacks)."""
        folders = tuple(f"{folder}/" for folder in self.folders)
        frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(folders)]
        return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name


def find_files(folder: Path) -> Iterator[Path]:
    """Each template and style sheet in `folder`, also by links within the workspace, but not by endless ones."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if _may_follow(folder, Path(place, name))]
        paths = (Path(place, name) for name in names)
        found = (path for path in paths if path.suffix in _SUFFIXES and path.is_file())
        yield from (path for path in found if not path.is_symlink() or stays_inside(folder, path))


def _may_follow(templates: Path, folder: Path) -> bool:
    """Whether it is no link, or one that stays in the workspace and doesn't lead to a folder that it is in."""
    if not folder.is_symlink():
        return True
    return stays_inside(templates, folder) and not any(folder.samefile(parent) for parent in folder.parents)


class _Refused(TemplateError):
    """A file that cannot be a template, and what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class _Loader(FileSystemLoader):
    """Finds templates. In folders before the last, which is the product's, links may lead within the workspace only."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, its file, and whether it is still that text. Raises _Refused."""
        for folder in map(Path, self.searchpath[:-1]):
            path = Path(folder, template)
            if ".." not in path.parts and path.is_file():
                _refuse_file(folder, path)
                found = super().get_source(environment, template)
                if template.startswith(_OF_EMAILS) and Path(self.searchpath[-1], template).is_file():
                    _refuse_former(path, template, found[0])
                return found
        return super().get_source(environment, template)


def _refuse_file(folder: Path, path: Path) -> None:
    if not stays_inside(folder, path):
        raise _Refused(
            f"{path}: this is a link that leads out of the workspace",
            "Copy the file itself into your templates folder.",
        )
    if path.suffix in _SUFFIXES and path.resolve().suffix != path.suffix:
        raise _Refused(
            f"{path}: this is a link to a file that is no template", f"Link to a file that ends in {path.suffix}."
        )
    if path.stat().st_size > _LARGEST_FILE:
        raise _Refused(f"{path}: this file is larger than {_LARGEST_FILE // 1000} KB", "Make it smaller.")


def _refuse_former(path: Path, template: str, text: str) -> None:
    if is_former(template, text):
        raise _Refused(
            f"{path}: this was written for a former theme",
            "Delete it to use the new one, or make it anew from that: its first line says the version of the theme, "
            f"“theme {VERSION}”. `bulletin check` lists all such files.",
        )


def stays_inside(folder: Path, path: Path) -> bool:
    """Whether `path`, with its links followed, is in the workspace whose `folder` of templates it is in."""
    return path.resolve().is_relative_to(folder.parent.resolve())


@lru_cache(maxsize=8)
def _open_environment(
    folders: tuple[Path, ...],
    _files: tuple[Path, ...],
    filters: tuple[tuple[str, Callable[..., object]], ...],
    *,
    own: bool,
) -> SafeEnvironment:
    """Jinja with a theme's templates. It compiles each once, which is most of the time that a render takes.

    A changed file is compiled again. When files come or go, `_files` differ, and it is another environment.
    """
    # A theme is a design and not a program: in the sandbox it reaches what it is given and nothing else.
    environment = (BoundedEnvironment if own else SafeEnvironment)(
        loader=_Loader(folders),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.add_filters(filters)
    return environment


def _theme_error(place: str, problem: str) -> ThemeError:
    return ThemeError(f"{place}: {problem.rstrip('.')}.", _REMEDY)
