"""Versions that compare as people expect: `1.10` after `1.9`, betas before releases."""

from __future__ import annotations

import re
from typing import Any

_SIMPLE = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9})*)(?:[.-]?(a|alpha|b|beta|rc|dev)[.-]?(\d{0,9}))?\Z")
_WORDS = ("latest", "dev", "stable", "beta")
_ORDER = {"dev": 0, "alpha": 1, "beta": 2, "rc": 3, "": 4}
_LONG = {"a": "alpha", "b": "beta"}


class VersionDifference:
    """What differs between two versions: `version('1.3') - version('1.2')`."""

    def __init__(self, old: Version, new: Version) -> None:
        self.major = old.section(0) != new.section(0)
        self.minor = old.section(1) != new.section(1)
        self.patch = old.section(2) != new.section(2)
        self.modifier = old.modifier != new.modifier
        self.strategy = old.strategy != new.strategy

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={value}" for key, value in vars(self).items())
        return f"AwesomeVersionDiff({shown})"


class Version(str):
    """A version text with its parts. Compares with versions and with texts."""

    __slots__ = ("_sections", "modifier_type", "_modifier_number")

    _sections: tuple[int, ...]
    modifier_type: str | None
    _modifier_number: int

    def __new__(cls, value: Any = "") -> Version:
        if not isinstance(value, (str, int, float)):
            raise ValueError(f"Cannot read a version from {type(value).__name__}")
        text = str(value).strip()
        if len(text) > 200:
            raise ValueError("A version has at most 200 characters")
        made = super().__new__(cls, text)
        match = _SIMPLE.match(text)
        made._sections = tuple(int(part) for part in match.group(1).split(".")) if match else ()
        word = match.group(2) if match else None
        made.modifier_type = _LONG.get(word, word) if word else None
        made._modifier_number = int(match.group(3) or 0) if match else 0
        return made

    @property
    def valid(self) -> bool:
        return bool(self._sections) or self in _WORDS

    @property
    def sections(self) -> int:
        return len(self._sections)

    def section(self, index: int) -> int:
        """The number at that place, 0 when there is none."""
        return self._sections[index] if 0 <= index < len(self._sections) else 0

    @property
    def major(self) -> int:
        return self.section(0)

    @property
    def minor(self) -> int:
        return self.section(1)

    @property
    def patch(self) -> int:
        return self.section(2)

    @property
    def modifier(self) -> str | None:
        match = _SIMPLE.match(str(self))
        return f"{match.group(2)}{match.group(3)}" if match and match.group(2) else None

    @property
    def alpha(self) -> bool:
        return self.modifier_type == "alpha"

    @property
    def beta(self) -> bool:
        return self.modifier_type == "beta" or self == "beta"

    @property
    def dev(self) -> bool:
        return self.modifier_type == "dev" or self == "dev"

    @property
    def release_candidate(self) -> bool:
        return self.modifier_type == "rc"

    @property
    def simple(self) -> bool:
        return bool(self._sections) and self.modifier_type is None

    @property
    def string(self) -> str:
        return str(self).removeprefix("v").removeprefix("V")

    @property
    def prefix(self) -> str | None:
        return self[0] if self[:1] in ("v", "V") else None

    @property
    def strategy(self) -> str:
        """How the version is built: calendar, semantic, simple, a word, or unknown."""
        if self in _WORDS:
            return "SpecialContainer"
        if not self._sections:
            return "unknown"
        if 2000 <= self._sections[0] <= 2200:
            return "CalVer"
        if len(self._sections) == 3:
            return "SemVer"
        return "BuildVer" if len(self._sections) == 1 else "SimpleVer"

    def _key(self) -> tuple[Any, ...]:
        if self in _WORDS:
            return (1, (), 0 if self != "latest" else 1, 0)
        sections = self._sections
        while sections and sections[-1] == 0:
            sections = sections[:-1]
        return (0, sections, _ORDER[self.modifier_type or ""], self._modifier_number)

    def _other(self, other: object) -> Version:
        version = other if isinstance(other, Version) else Version(other)
        for side in (self, version):
            if not side.valid:
                raise ValueError(f"Can't compare the unknown version '{side}'")
        return version

    def __lt__(self, other: object) -> bool:
        return self._key() < self._other(other)._key()

    def __gt__(self, other: object) -> bool:
        return self._key() > self._other(other)._key()

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        if str.__eq__(self, other) is True:
            return True
        if not isinstance(other, (str, int, float)):
            return False
        version = Version(other)
        return bool(self._sections) and bool(version._sections) and self._key() == version._key()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __sub__(self, other: object) -> VersionDifference:
        return VersionDifference(Version(other), self)

    def __repr__(self) -> str:
        return f"<AwesomeVersion {self.strategy} '{str(self)}'>"

    def __str__(self) -> str:
        return str.__str__(self)
