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
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bulletin.errors import ThemeError

# What an expression in a template can do wrong, and a filter that is handed the wrong thing there.
_FAULTS_OF_EXPRESSIONS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_SUFFIXES = (".j2", ".css")

_REMEDY = "Mend the template, or delete it from your templates folder to use the one that comes with the product."


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Where templates are looked for: a workspace's own folder first, then the one that comes with the product."""

    folders: tuple[Path, ...]

    def render(self, name: str, *, filters: Mapping[str, Callable[..., object]], context: Mapping[str, object]) -> str:
        """The template `name` (`email/issue.html.j2`) with `context`; what it prints is escaped if it is HTML.

        Raises ThemeError for whatever is wrong in it or in a template that it includes.
        """
        try:
            environment = _open_environment(self.folders, self._list_files(), tuple(filters.items()))
            return environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise _theme_error(f"{error.filename or name}:{error.lineno}", error.message or "") from error
        except TemplateNotFound as error:
            raise _theme_error(self._find_place(error, name), f"there is no template {error.name}") from error
        except UnicodeDecodeError as error:
            raise _theme_error(self._find_place(error, name), "a template here is not saved as UTF-8") from error
        except RecursionError as error:
            raise _theme_error(self._find_place(error, name), "this template includes itself") from error
        except (TemplateError, *_FAULTS_OF_EXPRESSIONS) as error:
            raise _theme_error(self._find_place(error, name), str(error)) from error

    def _list_files(self) -> tuple[Path, ...]:
        """Every template and style sheet: one that is added may take the place of one that came with the product."""
        return tuple(sorted(path for folder in self.folders for path in find_files(folder)))

    def _find_place(self, error: Exception, name: str) -> str:
        """`file:line` of the innermost template on the way to `error` (Jinja writes templates into tracebacks)."""
        folders = tuple(f"{folder}/" for folder in self.folders)
        frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(folders)]
        return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name


def find_files(folder: Path) -> Iterator[Path]:
    """Each template and style sheet that Jinja finds in `folder`, also by links, but for links that lead nowhere."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not _leads_back(Path(place, name))]
        paths = (Path(place, name) for name in names)
        yield from (path for path in paths if path.suffix in _SUFFIXES and path.is_file())


def _leads_back(folder: Path) -> bool:
    """Whether it is a link to a folder that it stands in: whoever followed it would never come to an end."""
    return folder.is_symlink() and any(folder.samefile(parent) for parent in folder.parents)


@lru_cache(maxsize=8)
def _open_environment(
    folders: tuple[Path, ...], _files: tuple[Path, ...], filters: tuple[tuple[str, Callable[..., object]], ...]
) -> ImmutableSandboxedEnvironment:
    """Jinja with a theme's templates. It compiles each once, which is most of the time that a render takes.

    A file that changes is compiled anew; where files come or go, `_files` differ, and it is another environment.
    """
    # A theme is a design and not a program: in the sandbox it reaches what it is given and nothing else.
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment


def _theme_error(place: str, problem: str) -> ThemeError:
    return ThemeError(f"{place}: {problem.rstrip('.')}.", _REMEDY)
