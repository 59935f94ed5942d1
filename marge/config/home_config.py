"""Loads a home's configuration: the one entry into this package. Not here: starting anything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marge.config.location import fields_of, read_location
from marge.config.marge_block import read_settings
from marge.config.nodes import Location, NodeDict, Unresolved, location_of
from marge.config.problems import ConfigProblem, Problems
from marge.config.reader import YamlReader
from marge.config.sections import gather
from marge.config.settings import MargeSettings
from marge.config.units import UNIT_SYSTEMS, UnitSystem

MAIN_FILE = "configuration.yaml"
PLACE = frozenset(
    {
        "country", "currency", "elevation", "external_url", "internal_url", "language", "latitude", "location_name",
        "longitude", "radius", "time_zone", "unit_system",
    }
)
"""What can be changed at run time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeConfig:
    """Everything a home was configured to be. Made once; only `amend` changes it.

    Attributes:
        latitude, longitude: degrees. elevation: metres. radius: metres around the home that count as home.
        country: two letters, or `None` when nobody said.
        sections: the parsed YAML by top-level key, with includes, secrets, labelled keys and packages resolved.
            `sections["automation"]` is always one list. A section that could not be read is absent.
        problems: what was found wrong, in the order of the files.
    """

    config_dir: Path
    marge: MargeSettings
    sections: Mapping[str, Any]
    problems: tuple[ConfigProblem, ...] = ()
    location_name: str = "Home"
    latitude: float = 0.0
    longitude: float = 0.0
    elevation: int = 0
    radius: float = 100.0
    time_zone: ZoneInfo = ZoneInfo("UTC")
    unit_system: UnitSystem = "metric"
    currency: str = "EUR"
    country: str | None = None
    language: str = "en"
    internal_url: str | None = None
    external_url: str | None = None

    @property
    def units(self) -> Mapping[str, str]:
        """The units of the home, as `unit_system` in `GET /api/config`."""
        return UNIT_SYSTEMS[self.unit_system]

    @property
    def fatal(self) -> tuple[ConfigProblem, ...]:
        """The findings that forbid a start."""
        return tuple(problem for problem in self.problems if problem.severity == "fatal")

    @property
    def of_files(self) -> frozenset[str]:
        """The fields about the place that the files set: they win over what was set at run time."""
        block = self.sections.get("homeassistant")
        return frozenset(fields_of(block)) if isinstance(block, dict) else frozenset()

    def amend(self, **changes: Any) -> None:
        """Change fields about the place at run time. Everybody holds this very record and reads it anew at each use."""
        for name, value in changes.items():
            if name not in PLACE:
                raise ValueError(f"{name} cannot be changed at run time")
            object.__setattr__(self, name, value)

    def location_of(self, node: object, key: object = None) -> Location | None:
        """Where a mapping or list of `sections` stands, or the key or item `key` in it."""
        return location_of(node, key)


def load_home(
    config_dir: Path | str, env: Mapping[str, str] | None = None, drafts: Mapping[Path, bytes] | None = None
) -> HomeConfig:
    """Read a home's files. Never raises for what a user wrote: see `HomeConfig.problems` and `.fatal`.

    Args:
        config_dir: a missing directory or main file means defaults for everything.
        env: environment variables; the process's own by default.
        drafts: what to read instead of the files at these absolute paths.

    Blocking file I/O: before the hub matters, or in a native thread.
    """
    env = os.environ if env is None else env
    config_dir = Path(config_dir).expanduser().resolve()
    problems = Problems(config_dir)
    reader = YamlReader(config_dir, env, problems, drafts or {})
    main = config_dir / MAIN_FILE
    before = len(problems)
    root = reader.read(main) if reader.is_file(main) or main.exists() else None
    all_read = len(problems) == before and not isinstance(root, Unresolved)
    if not isinstance(root, NodeDict):
        if root is not None and not isinstance(root, Unresolved):
            problems.add(ConfigProblem("error", MAIN_FILE, 1, "", "the file must hold a mapping; it is not used"))
            all_read = False
        root = NodeDict()
    sections = gather(root, problems)
    settings = read_settings(sections, env, config_dir, problems, all_read=all_read)
    sections.pop("marge", None)  # all of it is in `settings`; 50,000 parsed seeds would be 300 MB
    _replace_from_paths(sections, settings, reader)
    place = read_location(sections.get("homeassistant"), problems)
    return HomeConfig(
        config_dir=config_dir,
        marge=settings,
        sections=sections,
        problems=tuple(problems),
        **place,
    )


def _replace_from_paths(sections: NodeDict, settings: MargeSettings, reader: YamlReader) -> None:
    """`automations_path` and `scenes_path` take the place of what the files say."""
    for section, path in (("automation", settings.automations_path), ("scene", settings.scenes_path)):
        if path is None:
            continue
        sections.pop(section, None)
        value = reader.read(path)
        if value is not None and not isinstance(value, Unresolved):
            sections[section] = value
