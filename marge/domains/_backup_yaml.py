"""The section `backup:` of the files: what the frontend's page has no words for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.backup.errors import BackupError
from marge.backup.retention import Keep
from marge.config import ConfigProblem

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.backup")

MAX_RECIPIENTS = 20


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 1000:
        raise vol.Invalid("expected a number from 0 to 1000")
    return value


def _recipient(value: Any) -> str:
    if not isinstance(value, str):
        raise vol.Invalid("expected a public key of age")
    from marge.backup.age import recipient  # a library that few homes need

    try:
        recipient(value)
    except BackupError as exc:
        raise vol.Invalid(str(exc)) from exc
    return value.strip()


_KEEP = vol.Schema({vol.Optional("daily"): _count, vol.Optional("weekly"): _count, vol.Optional("monthly"): _count})
_RECIPIENTS = vol.Schema(vol.All([_recipient], vol.Length(max=MAX_RECIPIENTS)))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the files say.

    Attributes:
        keep: with its days, weeks and months only.
        recipients: public keys that backups without a password are sealed to.
        problem: why no backup is made now: what should be sealed must not be left open by a slip of the pen.
    """

    keep: Keep = Keep()
    recipients: tuple[str, ...] = ()
    problem: str | None = None


def read_wishes(home: Home, section: Any) -> Wishes:
    """Mistakes are told with the other mistakes of the files, and cost the part that they are in."""
    if not isinstance(section, dict):
        return Wishes()
    keep, recipients, problem = Keep(), (), None
    try:
        keep = Keep(**_KEEP(section.get("keep") or {}))
    except vol.Invalid as exc:
        _report(home, "keep", f"backup.keep is left out: {exc}; automatic backups are kept as the page says")
    try:
        recipients = tuple(_RECIPIENTS(section.get("recipients") or []))
    except vol.Invalid as exc:
        problem = f"backup.recipients: {exc}; no backup is made until it is put right"
        _report(home, "recipients", problem)
    return Wishes(keep, recipients, problem)


def _report(home: Home, key: str, text: str) -> None:
    where = home.config.location_of(home.config.sections.get("backup"), key)
    file, line = (where.file, where.line) if where else (None, None)
    found = ConfigProblem("error", file, line, f"backup.{key}", text)
    home.shared.setdefault("config_problems", []).append(found)
    log.error(text, where=where and str(where))
