"""Reads YAML files with HA's tags: includes, secrets, environment variables. Not here: what the keys mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

from marge.config.loader import NodeLoader, TagError, TagHandler, YamlError, construct
from marge.config.nodes import Location, NodeDict, NodeList, Unresolved
from marge.config.problems import ConfigProblem, Problems, Severity, nearest
from marge.config.salvage import top_level_entries

SECRETS_FILE = "secrets.yaml"
MAX_INCLUDE_DEPTH = 20
_DANGEROUS_TO_LOSE = re.compile(r"(marge|http)\s*:")
"""Entries of the main file that say who may reach the home."""


class YamlReader:
    """Reads the files of one home once; keeps the secrets it met until it is thrown away.

    Findings go to `problems`; nothing raises for what a user wrote. Blocking file I/O: at start, or in a native thread.

    Args:
        drafts: what to read instead of these files, or as if they were there.
    """

    def __init__(
        self,
        config_dir: Path,
        env: Mapping[str, str],
        problems: Problems,
        drafts: Mapping[Path, bytes] = MappingProxyType({}),
    ) -> None:
        self._config_dir = config_dir
        self._env = env
        self._problems = problems
        self._drafts = drafts
        self._secrets: dict[Path, dict[str, object]] = {}
        self._open_files: list[Path] = []

    def read(self, path: Path) -> object:
        """What the file holds; `None` when it is empty, `Unresolved` when nothing of it could be read."""
        name = self._problems.display_name(path)
        try:
            text = self._bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self._error(name, line, "the file is not UTF-8", "save it as UTF-8")
            return Unresolved(name)
        except OSError as error:
            self._error(name, None, f"cannot be read: {error.strerror or error}")
            return Unresolved(name)
        self._open_files.append(path)
        try:
            return self._construct(text, name, self._tags(path.parent))
        finally:
            self._open_files.pop()

    def is_file(self, path: Path) -> bool:
        """Whether there is such a file, or a draft of it."""
        return path in self._drafts or path.is_file()

    def _bytes(self, path: Path) -> bytes:
        draft = self._drafts.get(path)
        return path.read_bytes() if draft is None else draft

    def _construct(self, text: str, name: str, tags: dict[str, TagHandler]) -> object:
        try:
            return construct(text, name, self._problems, tags)
        except YamlError as error:
            return self._salvage(text, name, tags, error)

    def _salvage(self, text: str, name: str, tags: dict[str, TagHandler], whole: YamlError) -> object:
        entries = top_level_entries(text)
        depth_of_files = len(self._open_files)
        good: list[object] = []
        broken = 0
        for entry in entries:
            try:
                good.append(construct(entry.text, name, self._problems, tags))
            except YamlError as error:
                broken += 1
                left_out = f"lines {entry.first_line} to {entry.last_line} (`{entry.title}`) are left out"
                if depth_of_files == 1 and _DANGEROUS_TO_LOSE.match(entry.title):
                    # Without it the home would listen on every address and record into another database.
                    self._error(name, error.line, error.message, "mend it; Marge does not start without this part",
                                error.column, "fatal")
                else:
                    self._error(name, error.line, error.message, left_out, error.column)
        if not broken or not good:
            hint = "nothing of this file is used" if not good else None
            self._error(name, whole.line, whole.message, hint, whole.column)
        return _join(good) if good else Unresolved(name)

    def _error(
        self,
        file: str,
        line: int | None,
        message: str,
        hint: str | None = None,
        column: int | None = None,
        severity: Severity = "error",
    ) -> None:
        self._problems.add(ConfigProblem(severity, file, line, "", message, hint, column))

    def _tags(self, base: Path) -> dict[str, TagHandler]:
        """The handlers for a file in `base`: paths in tags are relative to the file that holds them."""
        return {
            "!include": lambda loader, node: self._include(base, loader, node),
            "!include_dir_list": lambda loader, node: self._dir_list(base, node),
            "!include_dir_merge_list": lambda loader, node: self._dir_merge_list(base, loader, node),
            "!include_dir_named": lambda loader, node: self._dir_named(base, loader, node),
            "!include_dir_merge_named": lambda loader, node: self._dir_merge_named(base, loader, node),
            "!secret": lambda loader, node: self._secret(base, node),
            "!env_var": lambda loader, node: self._env_var(node),
        }

    def _include(self, base: Path, loader: NodeLoader, node: yaml.Node) -> object:
        path = base / _argument(node)
        if path in self._open_files:
            raise TagError(f"{self._problems.display_name(path)} includes itself")
        if len(self._open_files) >= MAX_INCLUDE_DEPTH:
            raise TagError(f"includes are nested more than {MAX_INCLUDE_DEPTH} files deep")
        if not self.is_file(path):
            raise TagError(f"the file {self._problems.display_name(path)} to include does not exist")
        value = self.read(path)
        return NodeDict(location=loader.location(node)) if value is None else value

    def _files_of(self, base: Path, node: yaml.Node) -> Iterator[tuple[Path, object]]:
        """The readable YAML files below a directory, by name; what starts with a dot is nobody's configuration."""
        folder = base / _argument(node)
        if not folder.is_dir():
            raise TagError(f"the directory {self._problems.display_name(folder)} to include does not exist")
        if len(self._open_files) >= MAX_INCLUDE_DEPTH:
            raise TagError(f"includes are nested more than {MAX_INCLUDE_DEPTH} files deep")
        drafts = {path for path in self._drafts if path.suffix == ".yaml" and folder in path.parents}
        for path in sorted(drafts.union(folder.rglob("*.yaml"))):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if hidden or path.name == SECRETS_FILE or path in self._open_files or not self.is_file(path):
                continue
            value = self.read(path)
            if not isinstance(value, Unresolved):
                yield path, value

    def _dir_list(self, base: Path, node: yaml.Node) -> object:
        items = NodeList()
        for path, value in self._files_of(base, node):
            if value is not None:
                items.append(value)
                items.item_locations.append(Location(self._problems.display_name(path), 1))
        if items.item_locations:
            first = items.item_locations[0]
            items.location = first if isinstance(first, Location) else None
        return items

    def _dir_merge_list(self, base: Path, loader: NodeLoader, node: yaml.Node) -> object:
        merged = NodeList(location=loader.location(node))
        for path, value in self._files_of(base, node):
            if isinstance(value, NodeList):
                extend(merged, value)
            elif value is not None:
                self._error(
                    self._problems.display_name(path), 1, "!include_dir_merge_list wants lists; this file is none"
                )
        return merged

    def _dir_named(self, base: Path, loader: NodeLoader, node: yaml.Node) -> object:
        named = NodeDict(location=loader.location(node))
        for path, value in self._files_of(base, node):
            named[path.stem] = NodeDict() if value is None else value
            named.key_locations[path.stem] = Location(self._problems.display_name(path), 1)
        return named

    def _dir_merge_named(self, base: Path, loader: NodeLoader, node: yaml.Node) -> object:
        merged = NodeDict(location=loader.location(node))
        for path, value in self._files_of(base, node):
            if isinstance(value, NodeDict):
                update(merged, value)
            elif value is not None:
                self._error(
                    self._problems.display_name(path), 1, "!include_dir_merge_named wants mappings; this file is none"
                )
        return merged

    def _secret(self, base: Path, node: yaml.Node) -> object:
        """From the nearest `secrets.yaml` that has the name, from the file's directory up to the home's."""
        name = _argument(node)
        known: set[str] = set()
        folder = base
        while True:
            secrets = self._secrets_of(folder)
            if name in secrets:
                return secrets[name]
            known.update(secrets)
            if folder == self._config_dir or self._config_dir not in folder.parents:
                break
            folder = folder.parent
        close = nearest(name, known)
        raise TagError(f"the secret `{name}` is not in {SECRETS_FILE}", f"did you mean `{close}`?" if close else None)

    def _secrets_of(self, folder: Path) -> dict[str, object]:
        if folder not in self._secrets:
            path = folder / SECRETS_FILE
            value = None
            if self.is_file(path) and path not in self._open_files:
                value = self.read(path)
            self._secrets[folder] = {str(k): v for k, v in value.items()} if isinstance(value, dict) else {}
        return self._secrets[folder]

    def _env_var(self, node: yaml.Node) -> str:
        """`!env_var NAME` or `!env_var NAME what to use without it`."""
        name, *default = _argument(node).split(maxsplit=1)
        value = self._env.get(name, default[0] if default else None)
        if value is None:
            raise TagError(f"the environment variable {name} is not set", "a default may follow its name")
        return value


def _argument(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
        raise TagError(f"{node.tag} wants one word")
    return str(node.value).strip()


def extend(target: NodeList, more: NodeList) -> None:
    """Append the items of `more` and what is known about their places."""
    target.item_locations += [_absolute(more, place) for place in more.item_locations]
    target.extend(more)


def update(target: NodeDict, more: NodeDict) -> None:
    """Add or replace the keys of `more` together with what is known about their places."""
    for key, value in more.items():
        target[key] = value
        if key in more.key_locations:
            target.key_locations[key] = _absolute(more, more.key_locations[key])


def _absolute(node: NodeDict | NodeList, place: int | Location) -> int | Location:
    return Location(node.location.file, place) if isinstance(place, int) and node.location else place


def _join(parts: list[object]) -> object:
    if all(isinstance(part, NodeList) for part in parts):
        joined_list = NodeList(location=parts[0].location)  # type: ignore[attr-defined]
        for part in parts:
            extend(joined_list, part)  # type: ignore[arg-type]
        return joined_list
    joined = NodeDict(location=getattr(parts[0], "location", None))
    for part in parts:
        if isinstance(part, NodeDict):
            update(joined, part)
    return joined


def parse_yaml(text: str, file: str = "text") -> tuple[object, tuple[ConfigProblem, ...]]:
    """YAML from outside (an editor, the API): no includes, secrets or variables, whoever sends it.

    Raises:
        YamlError: it is not YAML.
    """
    problems = Problems()
    return construct(text, file, problems, {}), tuple(problems)
