"""What a backup says of itself: `backup.json`, the first member of its file. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marge.backup.errors import BackupDamaged, BackupMismatch

FORMAT, FORMAT_OF_AGE = 1, 2
"""What is sealed to public keys is not for a Marge that knows passwords only."""
MAX_BYTES = 64 << 10
CONTENT, SEALED_CONTENT, AGE_CONTENT = "marge.tar.gz", "marge.tar.gz.sealed", "marge.tar.gz.age"
_ID = re.compile(r"[0-9a-zA-Z]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
MAX_NAME = 1000


@dataclass(frozen=True)
class About:
    """Facts about one backup.

    Attributes:
        backup_id: letters and digits; its file is called so.
        date: ISO, with the offset of its home.
        history: whether what the recorder wrote is in it; settings always are.
        folders: what else is in it: `media`.
        protected: whether its contents are sealed.
        age: to public keys, not with a password.
        extra: what clients call `extra_metadata`: `instance_id`, `with_automatic_settings`.
        size, sha256: of its contents, the second member. Each file's are in there, in `checksums.json`.
    """

    backup_id: str
    name: str
    date: str
    marge_version: str
    homeassistant_version: str
    history: bool
    folders: tuple[str, ...] = ()
    protected: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    sha256: str = ""
    age: bool = False

    @property
    def content(self) -> str:
        """The name of the second member."""
        if self.age:
            return AGE_CONTENT
        return SEALED_CONTENT if self.protected else CONTENT

    @property
    def automatic(self) -> bool:
        return self.extra.get("with_automatic_settings") is True

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.date)


def to_json(about: About) -> bytes:
    shown = {
        "format": FORMAT_OF_AGE if about.age else FORMAT,
        "slug": about.backup_id,
        "backup_id": about.backup_id,
        "name": about.name,
        "date": about.date,
        "version": about.marge_version,
        "homeassistant_version": about.homeassistant_version,
        "database_included": about.history,
        "folders": list(about.folders),
        "protected": about.protected,
        "encryption": "age" if about.age else "password" if about.protected else None,
        "extra_metadata": dict(about.extra),
        "content": {"name": about.content, "size": about.size, "sha256": about.sha256},
    }
    return json.dumps(shown, indent=1).encode()


def from_json(data: bytes) -> About:
    """The facts in a `backup.json`.

    Raises:
        BackupDamaged: it is none of Marge's.
        BackupMismatch: a newer Marge wrote it.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise BackupDamaged("its backup.json cannot be read") from exc
    if not isinstance(found, dict) or type(found.get("format")) is not int:
        raise BackupDamaged("it is no backup of Marge")
    if found["format"] > FORMAT_OF_AGE:
        raise BackupMismatch("it was made by a newer Marge")
    age = found["format"] == FORMAT_OF_AGE
    content: Any = found.get("content")
    extra: Any = found.get("extra_metadata")
    folders: Any = found.get("folders")
    texts = ("backup_id", "name", "date", "version", "homeassistant_version")
    good = (
        all(isinstance(found.get(key), str) and len(found[key]) <= MAX_NAME for key in texts)
        and _ID.fullmatch(found["backup_id"]) is not None
        and _is_moment(found["date"])
        and isinstance(extra, dict) and isinstance(folders, list) and all(isinstance(each, str) for each in folders)
        and isinstance(content, dict) and type(content.get("size")) is int and content["size"] >= 0
        and isinstance(content.get("sha256"), str) and _HASH.fullmatch(content["sha256"]) is not None
    )  # fmt: skip
    if not good:
        raise BackupDamaged("its backup.json says too little")
    return About(
        found["backup_id"], found["name"], found["date"], found["version"], found["homeassistant_version"],
        found.get("database_included") is True, tuple(folders), age or found.get("protected") is True,
        {
            "instance_id": str(extra.get("instance_id", ""))[:MAX_NAME],
            "with_automatic_settings": extra.get("with_automatic_settings") is True,
        },
        content["size"], content["sha256"], age,
    )  # fmt: skip


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
