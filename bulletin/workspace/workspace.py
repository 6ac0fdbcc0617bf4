"""The workspace: find bulletin.yaml, read it, say where things are. Secrets come from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bulletin.declaration.files import find_files, find_folders, find_remedy, is_file, is_folder, is_inside, read_file
from bulletin.declaration.remainder import validate_rest
from bulletin.declaration.source import Source, read_source
from bulletin.declaration.validation import validate
from bulletin.disk import make_private_folder
from bulletin.errors import BulletinError, Fault, FaultyFiles, NotFound, Unwritten
from bulletin.issue.dates import Month
from bulletin.issue.identity import find_month, guess_issue, read_identity
from bulletin.issue.item import ValidationContext
from bulletin.issue.language import find_language, read_languages
from bulletin.issue.model import Issue
from bulletin.issue.second_file import join_files, split_language
from bulletin.issue.sections import OwnKinds, with_kinds
from bulletin.languages.known import ENGLISH, LANGUAGES, name_language
from bulletin.rights import OWNER_ALONE, Rights, find_rights, share_with
from bulletin.settings.graph import GraphAccount
from bulletin.settings.languages import BilingualEmail
from bulletin.settings.organisation import BulletinSettings
from bulletin.settings.renamed import read_new_names
from bulletin.settings.settings import Settings
from bulletin.workspace.kind_files import list_kind_names, read_kinds
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.pictures import refuse_picture, suggest_picture
from bulletin.workspace.secrets import Secrets

SETTINGS_FILE = "bulletin.yaml"
STATE_FOLDER = ".bulletin"
_SUFFIX = ".yaml"
_MISNAMED = re.compile(r"[^.].*\.ya?ml(?:\.txt)?", re.IGNORECASE)
_BETWEEN_URLS = re.compile(r"[\s,]+(?=smtp(?:s|\+starttls)?://)", re.IGNORECASE)
_EXTRA = re.compile(r"^extra[ \t]*:[ \t]*[\"']?(?:yes|true|on)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A folder with bulletin.yaml, issues/ and subscribers/, and what its settings say."""

    root: Path
    settings: Settings
    environ: Mapping[str, str] = field(repr=False)  # may hold passwords

    @property
    def state_folder(self) -> Path:
        """Where the database and the secret key are."""
        return self.root / STATE_FOLDER

    @property
    def rights(self) -> Rights:
        """Who may read and write the state: you alone, or the group `state_group` too. Raises BulletinError."""
        return share_with(self.settings.state_group) if self.settings.state_group else OWNER_ALONE

    @property
    def secrets(self) -> Secrets:
        """The client secret and the key of the unsubscribe links: read when they are needed."""
        return Secrets(environ=self.environ, folder=self.state_folder, make_folder=self.make_state_folder)

    def make_state_folder(self) -> None:
        """Make the state folder, with `rights`, unless it is there. Raises Unwritten, and BulletinError as `rights`."""
        rights = self.rights
        if self.state_folder.exists():
            return
        try:
            make_private_folder(self.state_folder, replace(rights, owner=find_rights(self.root).owner))
        except OSError as error:
            raise Unwritten(
                f"The folder {self.state_folder} cannot be made: {error.strerror}.",
                f"Check the permissions of {self.root}.",
                strerror=str(error.strerror),
            ) from error

    @property
    def theme_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for, in this order: the workspace may override any file of the theme."""
        own = self.root / "templates"
        return (own, theme_folder()) if own.is_dir() else (theme_folder(),)

    def read_own_kinds(self) -> OwnKinds:
        """The kinds of section that files in `sections/` declare now. Raises FaultyFiles with every fault of them."""
        return read_kinds(self.root)

    @property
    def database_url(self) -> str:
        """From BULLETIN_DATABASE_URL, or bulletin.yaml; else an SQLite file in the state folder."""
        return self._named_database or f"sqlite:///{self._ledger}"

    @property
    def database_is_named(self) -> bool:
        """Whether BULLETIN_DATABASE_URL or bulletin.yaml says where the database is."""
        return bool(self._named_database)

    @property
    def _named_database(self) -> str:
        return self.environ.get("BULLETIN_DATABASE_URL") or self.settings.database or ""

    @property
    def remembers(self) -> bool:
        """Whether there may be a database already: nothing was sent or signed in a workspace without one."""
        return self.database_is_named or self._ledger.exists()

    @property
    def may_share_database(self) -> bool:
        """Whether other workspaces may use the same one: it is not a file of this workspace's own."""
        return self.database_is_named

    @property
    def _ledger(self) -> Path:
        return self.state_folder / "ledger.db"

    @property
    def smtp_urls(self) -> tuple[str, ...]:
        """From BULLETIN_SMTP_URL, or bulletin.yaml: the later ones are for when the earlier ones fail.

        BULLETIN_SMTP_URL may hold several, with spaces or commas between them; a comma inside a password stays one.
        Raises BulletinError if neither has any.
        """
        if not self.has_relay:
            raise BulletinError(
                "No SMTP server is set.",
                "Write its address to `sending:`, `smtp:` in bulletin.yaml, as in "
                "smtp+starttls://user@smtp.example.org:587, and the same with the password "
                "(user:password@) to the environment variable BULLETIN_SMTP_URL. Your IT colleagues know it.",
            )
        given = self.environ.get("BULLETIN_SMTP_URL", "").strip()
        return tuple(_BETWEEN_URLS.split(given)) if given else self.settings.sending.smtp

    @property
    def has_relay(self) -> bool:
        """Whether anything is set that sends email."""
        return bool(self.environ.get("BULLETIN_SMTP_URL", "").strip() or self.settings.sending.smtp or self.graph)

    @property
    def graph(self) -> GraphAccount | None:
        """The account at Microsoft Graph that sends, unless BULLETIN_SMTP_URL says otherwise."""
        return None if self.environ.get("BULLETIN_SMTP_URL", "").strip() else self.settings.sending.graph

    @property
    def smtp_url(self) -> str:
        """The first of `smtp_urls`. Raises BulletinError if there is none."""
        return self.smtp_urls[0]

    @property
    def imap_url(self) -> str:
        """The mailbox where emails come back: BULLETIN_IMAP_URL, or that of bulletin.yaml; "" if there is neither."""
        returns = self.settings.returns
        return self.environ.get("BULLETIN_IMAP_URL", "").strip() or ((returns and returns.imap) or "")

    def require_there(self) -> None:
        """Raises NotFound if the workspace's folder has been moved or deleted since it was opened."""
        if not is_folder(self.root):
            raise NotFound(
                f"The workspace {self.root} is not there any more.", "Check whether it has been moved or deleted."
            )

    def issue_ids(self) -> Iterator[str]:
        """The ids of all issues, in order: `2021-05`, `training/2021-05`."""
        self.require_there()
        folder = self.root / "issues"
        homes = [folder, *(each for each in find_folders(folder) if each.suffix != _SUFFIX)]
        paths = sorted(path for home in homes for path in find_files(home) if path.suffix == _SUFFIX)
        names = (path.relative_to(folder).with_suffix("").as_posix() for path in paths)
        return (name for name in names if not split_language(name)[1])

    def find_issue(self, name: str) -> str:
        """The id of the issue that a person calls `name`: an id, or the path of its file. Raises NotFound."""
        given = Path(name)
        folder = self.root / "issues"
        issue_id = name.removesuffix(".yaml")
        for path in (self.issue_path(issue_id), given, self.root / given):
            if path.suffix == _SUFFIX and is_file(path) and is_inside(path, folder):
                name = path.resolve().relative_to(folder.resolve()).with_suffix("").as_posix()
                return self._require_first(name)
        known = list(self.issue_ids())
        if issue_id in known:
            return issue_id
        wanted = name.partition(".")[0].removeprefix("issues/")
        for path in self.misnamed_issues():
            if wanted in (path.relative_to(folder).as_posix().partition(".")[0], path.name.partition(".")[0]):
                right = path.relative_to(self.root).parent / f"{path.name.partition('.')[0]}{_SUFFIX}"
                raise NotFound(
                    f"The file of “{name}” is {path.name}.", f"Rename it so that it ends in .yaml: {right.as_posix()}."
                )
        near = guess_issue(issue_id, known)
        hint = f"Did you mean {near}? " if near else ""
        there = f"The issues are: {', '.join(known[-12:])}." if known else "There is none yet."
        raise NotFound(f"There is no issue “{name}”.", hint + there)

    def _require_first(self, name: str) -> str:
        """The id of an issue, whichever of its files is named. Raises NotFound if there is only its second."""
        issue_id, language = split_language(name)
        if language and not is_file(self.issue_path(issue_id)):
            raise NotFound(
                f"issues/{name}.yaml is the {name_language(language)} of an issue that has no file of its own.",
                f"Write the other language in issues/{issue_id}.yaml. Or write both in one file: languages: [cy, en].",
            )
        return issue_id

    def misnamed_issues(self) -> tuple[Path, ...]:
        """Files beside the issues that are likely issues, but don't end in .yaml: `.yml`, `.YAML`, `.yaml.txt`."""
        folder = self.root / "issues"
        homes = [folder, *find_folders(folder)] if is_folder(folder) else []
        return tuple(sorted(path for home in homes for path in find_files(home) if _is_misnamed(path.name)))

    def issue_path(self, issue_id: str) -> Path:
        return self.root / "issues" / f"{issue_id}.yaml"

    def second_path(self, issue_id: str) -> tuple[Path, str] | None:
        """The file with the second language of an issue, if there is one: `2021-05.cy.yaml`; and that language."""
        paths = ((self.issue_path(f"{issue_id}.{language}"), language) for language in LANGUAGES)
        return next((each for each in paths if is_file(each[0])), None)

    def load_issue(self, issue_id: str) -> Issue:
        """The issue. Raises FaultyFiles with every fault, NotFound if there is no such file."""
        issue, _ = self.read_issue(issue_id)
        return issue

    def read_issue_source(self, issue_id: str) -> Source:
        """The issue's file as data with places. Raises as `load_issue` does for a file that cannot be read.

        The second language may be in a file of its own: see `read_both_sources`.
        """
        return read_source(self.issue_path(issue_id), shown_as=f"issues/{issue_id}.yaml")

    def read_both_sources(self, issue_id: str) -> Source:
        """The same together with the file of the second language, if there is one. Raises as that does."""
        source = self.read_issue_source(issue_id)
        found = self.second_path(issue_id)
        if found is None:
            return source
        path, language = found
        second = read_source(path, shown_as=f"issues/{issue_id}.{language}.yaml")
        first = find_language(source.text_at(("language",))) or self._language_of(issue_id)
        if first == language:
            message = f"This is the {name_language(language)} of an issue that is in {name_language(first)} itself."
            remedy = f"Name the other language in issues/{issue_id}.yaml, as in language: en."
            raise FaultyFiles([Fault(file=second.file, message=message, remedy=remedy)])
        return join_files(source, second, languages=(first, language), own=self.read_own_kinds())

    def read_issue(self, issue_id: str) -> tuple[Issue, Source]:
        """The issue together with its file, read once. Raises as `load_issue` does."""
        source = self.read_both_sources(issue_id)
        context = self._context(issue_id, source)
        return validate(source, with_kinds(Issue, context.own_kinds), context=context), source

    def read_rest(self, issue_id: str) -> tuple[Issue, Source] | None:
        """What is left of an issue with faults without the entries at fault; None if too little is left.

        Raises as `read_issue_source`. Subject and day of publication are made up if they are at fault.
        """
        source = self.read_both_sources(issue_id)
        month = find_month(issue_id)
        if month is None:
            return None
        texts = {"subject": "Subject", "preview_text": "Preview text"}
        given = {"month": month.id, "published": f"1 {month}", **texts}
        context = replace(self._context(issue_id, source), name="", find_twin=lambda _: "")  # its name may be at fault
        return validate_rest(source, with_kinds(Issue, context.own_kinds), given=given, context=context)

    def _context(self, issue_id: str, source: Source) -> ValidationContext:
        identity = read_identity(issue_id)
        return ValidationContext(
            language=self._language_of(issue_id),
            languages=read_languages(source.data),
            by_reader=self._is_by_reader(issue_id),
            name=self.issue_path(issue_id).stem,
            month=identity.month if identity else None,
            find_twin=partial(self._find_twin, issue_id),
            lists=frozenset(self.settings.lists),
            refuse_picture=partial(refuse_picture, self.root),
            suggest_picture=partial(suggest_picture, self.root),
            own_kinds=self.read_own_kinds(),
        )

    def _language_of(self, issue_id: str) -> str:
        """The language of its bulletin; English for an issue in a folder of none."""
        with suppress(NotFound):
            return self.bulletin_settings(issue_id).language
        return ENGLISH

    def _is_by_reader(self, issue_id: str) -> bool:
        """Whether each reader of its bulletin gets a bilingual issue in the language of their choice."""
        with suppress(NotFound):
            return self.bulletin_settings(issue_id).languages is BilingualEmail.BY_READER
        return False

    def _find_twin(self, issue_id: str, month: Month) -> str:
        """Another file that is an issue of `month` in the same bulletin, and is not marked as a second one; or ""."""
        own = self.issue_path(issue_id).resolve()
        for other in self.issue_ids():
            path = self.issue_path(other)
            if find_month(other) == month and self._share_bulletin(issue_id, other) and path.resolve() != own:
                identity = read_identity(other)
                if not (identity and identity.word and _is_marked_extra(path)):
                    return f"issues/{other}.yaml"
        return ""

    def _share_bulletin(self, one: str, other: str) -> bool:
        try:
            return self.bulletin_of(one) == self.bulletin_of(other)
        except NotFound:
            return one.rpartition("/")[0] == other.rpartition("/")[0]

    def earlier_ids(self, issue_id: str, *, extras: bool = False) -> tuple[str, ...]:
        """The issues of the same folder before this one, the latest first; `extras`: second ones in a month as well."""
        folder, _, name = issue_id.rpartition("/")
        own = read_identity(issue_id)
        found = [
            (identity, other)
            for other in self.issue_ids()
            if other != issue_id and other.rpartition("/")[0] == folder and (identity := read_identity(other))
            if (identity < own if own else other.rpartition("/")[2] < name) and (extras or not identity.word)
        ]
        return tuple(other for _, other in sorted(found, reverse=True))

    def bulletin_of(self, issue_id: str) -> str:
        """The name of the bulletin that an issue belongs to: by its folder; directly in issues/, the first one.

        Raises NotFound if bulletin.yaml has no such bulletin.
        """
        folder, _, _ = issue_id.rpartition("/")
        first = next(iter(self.settings.bulletins))
        name = folder or first
        if folder == first:  # its readers' wishes to leave are kept for issues that are directly in issues/
            raise NotFound(
                f"issues/{issue_id}.yaml is in a folder, but issues of {first}, the first bulletin in bulletin.yaml, "
                "are directly in issues/.",
                f"Move it to issues/{issue_id.rpartition('/')[2]}.yaml.",
            )
        if name not in self.settings.bulletins:
            known = ", ".join(self.settings.bulletins)
            raise NotFound(
                f"issues/{issue_id}.yaml is in a folder that is not a bulletin.",
                f"The bulletins in bulletin.yaml are: {known}.",
            )
        return name

    def bulletin_settings(self, issue_id: str) -> BulletinSettings:
        return self.settings.bulletins[self.bulletin_of(issue_id)]

    def dress(self, issue_id: str) -> Settings:
        """The settings with the look of an issue's bulletin; as they are for an issue in a folder of none."""
        with suppress(NotFound):
            return self.settings.dress(self.bulletin_of(issue_id))
        return self.settings

    def lists_of(self, issue_id: str) -> tuple[str, ...]:
        """The lists that an issue goes to unless others are named: its bulletin's, else all."""
        return self.bulletin_settings(issue_id).lists or tuple(self.settings.lists)

    def list_options(self, issue_id: str, lists: Iterable[str]) -> str:
        """The options that name `lists` in a command about an issue; none if it would go to these anyway."""
        chosen = tuple(lists)
        with suppress(NotFound):  # whose bulletin is gone from bulletin.yaml goes to lists only by their names
            if set(chosen) == set(self.lists_of(issue_id)):
                return ""
        return "".join(f" --list {name}" for name in chosen)

    def list_file(self, name: str) -> str:
        """The path of a list's file, from the workspace's folder."""
        return self.settings.lists[name].file or f"subscribers/{name}.csv"

    def read_picture(self, name: str) -> bytes:
        """A picture's bytes. Raises NotFound if it is not one that may be shown."""
        if problem := refuse_picture(self.root, name):
            raise NotFound(f"The picture “{name}” {problem}", suggest_picture(self.root, name))
        try:
            return read_file(self.root / name)
        except OSError as error:
            raise NotFound(f"The picture “{name}” cannot be read: {error.strerror}.", find_remedy(error)) from error


def _is_misnamed(name: str) -> bool:
    return bool(_MISNAMED.fullmatch(name)) and not name.endswith(_SUFFIX)


def _is_marked_extra(path: Path) -> bool:
    """Whether the file of an issue has `extra: yes`, even if other things are wrong with it."""
    try:
        return bool(_EXTRA.search(path.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False


def find_workspace(start: Path) -> Path:
    """The nearest folder upwards from `start` with a bulletin.yaml. Raises NotFound."""
    for folder in (start, *start.parents):
        if os.path.lexists(folder / SETTINGS_FILE):
            return folder
        _refuse_misnamed(folder)
    raise NotFound(
        f"There is no bulletin.yaml in {start} or in a folder above it.",
        "Go to your workspace's folder, name it with --workspace, or make one with `bulletin init FOLDER`.",
    )


def find_outer_workspace(folder: Path) -> Path | None:
    """The workspace that a new folder would be inside of; None if there is none."""
    parents = folder.resolve().parents
    return next((parent for parent in parents if os.path.lexists(parent / SETTINGS_FILE)), None)


def open_workspace(folder: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Workspace:
    """The workspace in `folder`, or the nearest one upwards from the present folder.

    Raises NotFound if there is none, FaultyFiles with every fault of its bulletin.yaml.
    """
    if folder is None:
        root = find_workspace(_find_present_folder())
    elif not os.path.lexists(folder / SETTINGS_FILE):
        _refuse_misnamed(folder)
        raise NotFound(f"There is no bulletin.yaml in {folder}.", "Make a workspace with `bulletin init FOLDER`.")
    else:
        root = folder.resolve()
    settings = read_settings(read_source(root / SETTINGS_FILE, shown_as=SETTINGS_FILE), root)
    environ = os.environ if environ is None else environ
    _refuse_other_encodings(environ)
    return Workspace(root=root, settings=settings, environ=environ)


def read_settings(source: Source, root: Path) -> Settings:
    """The settings that a bulletin.yaml in the folder `root` declares. Raises FaultyFiles with every fault."""
    source = read_new_names(source)
    lists = source.data.get("lists") if isinstance(source.data, dict) else None
    context = ValidationContext(
        lists=frozenset(lists) if isinstance(lists, dict) else None,
        refuse_picture=partial(refuse_picture, root),
        suggest_picture=partial(suggest_picture, root),
        own_names=list_kind_names(root),
    )
    return validate(source, Settings, context=context)


def _refuse_misnamed(folder: Path) -> None:
    """Raises NotFound if the folder has no bulletin.yaml, but bulletin.yml, BULLETIN.YAML or bulletin.yaml.txt."""
    stem = SETTINGS_FILE.removesuffix(_SUFFIX)
    for path in find_files(folder) if is_folder(folder) else ():
        if path.name.lower().startswith(f"{stem}.") and _is_misnamed(path.name):
            raise NotFound(f"The settings in {folder} are in {path.name}.", f"Rename that file to {SETTINGS_FILE}.")


def _find_present_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise NotFound(
            "The folder that you are in is not there any more.",
            "Go to your workspace's folder with cd, or name it with --workspace.",
        ) from None


def _refuse_other_encodings(environ: Mapping[str, str]) -> None:
    """Raises BulletinError for a variable of ours that is not UTF-8: we could neither send it nor look it up."""
    for name, value in environ.items():
        if name.startswith("BULLETIN_") and re.search("[\ud800-\udfff]", value):
            raise BulletinError(
                f"The environment variable {name} has a byte in it that is not UTF-8.",
                "Set it again, in a terminal or a file that uses UTF-8.",
            )
