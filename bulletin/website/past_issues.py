"""The pages of the web archive, answered from the folder that `bulletin archive` fills.

Only what the manifest names is answered, so no path leads to another file. The manifest is read again when it changes;
the pages themselves are read from the disk for each answer, and none is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bulletin.edition.web.addresses import SEARCH, SEARCH_INDEX
from bulletin.edition.web.archive_site import POLICY, SEARCH_POLICY
from bulletin.publishing.manifest import PublicFile, find_manifest_time, load_public_files
from bulletin.website.problems import PageProblem, ProblemKind

HEADER_POLICY: Final = f"{POLICY}; frame-ancestors 'none'"
SEARCH_HEADER_POLICY: Final = f"{SEARCH_POLICY}; frame-ancestors 'none'"
"""That of the page that searches, and of the script that works beside it."""
_TYPES: Final = {".xml": "application/xml", ".ics": "text/calendar", ".js": "text/javascript", ".txt": "text/plain"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_NAMED_BY_CONTENT: Final = (".pf_fragment", ".pf_index", ".pf_filter", ".pf_meta")
_LATEST_SECONDS: Final = 300
_NOT_FOUND: Final = "404.html"


@dataclass(kw_only=True)
class PastIssues:
    """The archive in `folder`, with its manifest in the state folder `state`.

    `root` is the path that all addresses begin with, `first_bulletin` the one whose issues are directly in issues/.
    """

    folder: Path
    state: Path
    root: str
    first_bulletin: str
    _files: Mapping[str, PublicFile] = field(default_factory=dict, repr=False)
    _read_at: int = -1

    def route(self) -> Route:
        """The route of everything that has no other: it must be the last."""
        return Route("/{path:path}", self.answer, methods=["GET"], name="archive")

    def find_latest(self, bulletin: str, language: str) -> str:
        """The address that leads to the latest issue of a bulletin, in a language if it can; "" if there is none."""
        files = self._list_files()
        paths = (f"{language}/{bulletin}/latest/", f"{bulletin}/latest/")
        return next((f"{self.root}/{path}" for path in paths if f"{path}index.html" in files), "")

    def answer(self, request: Request) -> Response:
        """A page or a file; the way to it where its address has another form. Raises PageProblem if there is none."""
        return self.answer_path(request.path_params["path"], request)

    def answer_path(self, path: str, request: Request) -> Response:
        """The same for a path that another route has taken, without the slash that it begins with."""
        files = self._list_files()
        moved = self._find_moved(path, files)
        if moved is not None:
            return RedirectResponse(f"{self.root}/{moved}", status_code=301)
        name = f"{path}index.html" if not path or path.endswith("/") else path
        if name in files:
            return self._show(name, files[name], request)
        if _NOT_FOUND in files:
            return self._show(_NOT_FOUND, files[_NOT_FOUND], request, status=404)
        raise PageProblem(ProblemKind.NOT_FOUND)

    def has_file(self, path: str) -> bool:
        """Whether the last build has a file at this path."""
        return path in self._list_files()

    def _find_moved(self, path: str, files: Mapping[str, PublicFile]) -> str | None:
        """Where an address leads: what emails call an issue, or a page without the slash at its end; None: nowhere."""
        bare = path.rstrip("/")
        if bare == "issues":
            return "" if files else None
        if bare.startswith("issues/") and f"{bare}/index.html" in files:
            own = bare.removeprefix("issues/")
            return f"{own}/" if "/" in own else f"{self.first_bulletin}/{own}/"
        return f"{path}/" if path and not path.endswith("/") and f"{path}/index.html" in files else None

    def _show(self, name: str, file: PublicFile, request: Request, *, status: int = 200) -> Response:
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            raise PageProblem(ProblemKind.NOT_FOUND) from None
        tag = f'"{file.digest[:16]}"'
        policy = SEARCH_HEADER_POLICY if name.startswith((SEARCH_INDEX, SEARCH)) else HEADER_POLICY
        headers = {"ETag": tag, "Cache-Control": _tell_caching(name), "Content-Security-Policy": policy}
        if status == 200 and file.is_withdrawn:
            status = ProblemKind.EXPIRED_LINK.status
        if status == 200 and tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return Response(content, status_code=status, media_type=_find_type(name), headers=headers)

    def _list_files(self) -> Mapping[str, PublicFile]:
        """What there is now. A build replaces the manifest, so its time tells."""
        changed_at = find_manifest_time(self.state, self.folder)
        if changed_at != self._read_at:
            self._files, self._read_at = load_public_files(self.state, self.folder), changed_at
        return self._files


def _find_type(name: str) -> str:
    if name.endswith("feed.xml"):
        return "application/atom+xml"
    suffix = Path(name).suffix
    return _TYPES.get(suffix) or guess_type(name)[0] or "application/octet-stream"


def _tell_caching(name: str) -> str:
    if name.startswith("assets/") or (name.startswith(SEARCH_INDEX) and Path(name).suffix in _NAMED_BY_CONTENT):
        return _FOR_EVER
    return f"max-age={_LATEST_SECONDS}" if name.endswith("/latest/index.html") else "no-cache"
