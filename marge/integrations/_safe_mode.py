"""Safe mode: the home has lost settings with a damaged database, and waits for somebody to say what shall become of it.

The house goes on with what is known. Until a backup is restored, or somebody says that it shall go on without, the
repair notice stays over restarts, `safe_mode` of the home's configuration is true, and no old backup is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog

from marge.actors import native
from marge.backup import read
from marge.backup.contents import FOLDER
from marge.backup.database import RECORDER
from marge.domains._backup_sent import sent
from marge.domains._core_config import UPDATED
from marge.domains.backup import AGENT, INSTANCE_KEY, SHARED, Backups, PasswordIncorrect
from marge.errors import HomeError
from marge.integrations._repairs import RepairFlow, repairs_of
from marge.integrations.flow import CreateEntry, ShowForm, Step
from marge.integrations.forms import Field, Form, select, text
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import Issue
    from marge.storage import Database

log = structlog.get_logger("marge.storage")

SAFE_MODE = "safe_mode"
"""In `home.shared`, while it lasts; also the key of what is stored of it."""
DOMAIN, ISSUE = "homeassistant", "settings_lost"
GO_ON = "none"
MOST_OFFERED = 20


def lost_settings(database: Database) -> Sequence[str] | None:
    """What of the settings a damaged file took with it at this start, by table; None: nothing."""
    if database.moved_aside is None:
        return None
    if not database.rescued:
        return ("everything",)
    return [name for name, copied in database.rescued.items() if not copied.is_whole and name not in RECORDER] or None


def lost_home(home: Home) -> dict[str, Any] | None:
    """What was here before a home that has no owner; None: nothing that is known. Waits for the store and the disk.

    Its database was `damaged` (and lies in `file`), or is `missing` where `file` was. `backups` are those of it, the
    newest first.
    """
    found: Any = home.storage.load(SAFE_MODE)
    if not isinstance(found, dict):
        database = home.storage.database  # not written down yet: the start goes on
        aside = database.moved_aside if lost_settings(database) else None
        found = None if aside is None else {"file": aside.name, "since": home.clock.now()}
    since = 0.0 if found is None else found.get("since") or 0.0
    ours, not_from_here = home.storage.load(INSTANCE_KEY), sent(home)
    backups = [
        {"backup_id": each.backup_id, "name": each.name, "date": each.date, "protected": each.protected}
        for each, _size in reversed(native.run(read.listed, home.config.config_dir / FOLDER))
        if (each.extra.get("instance_id") != ours or each.moment.timestamp() < since)
        and each.backup_id not in not_from_here
    ][:MOST_OFFERED]
    if found is None and not backups:
        return None
    reason, file = ("missing", home.config.marge.db_path.name) if found is None else ("damaged", found.get("file"))
    return {"reason": reason, "file": file, "backups": backups}


def look(home: Home, database: Database) -> None:
    """Enter safe mode, or stay in it. Waits for the store."""
    lost = lost_settings(database)
    if lost is not None and database.moved_aside is not None:
        since = home.clock.now()
        home.storage.save(SAFE_MODE, {"file": database.moved_aside.name, "lost": list(lost), "since": since})
    found: Any = home.storage.load(SAFE_MODE)
    if not isinstance(found, dict):
        missing = lost_home(home) if home.shared["auth"].owner() is None else None
        if missing is not None:
            log.warning("backups of another home are here, and its database is not; this home begins anew",
                        database=str(home.config.marge.db_path), backups=len(missing["backups"]))  # fmt: skip
        return
    home.shared[SAFE_MODE] = True
    log.warning("safe mode: settings were lost with a damaged database; restore a backup, or say that the home shall "
                "go on without", damaged=found.get("file"), lost=found.get("lost"))  # fmt: skip
    repairs_of(home).register_flow(DOMAIN, SettingsLost)
    home.registries.issues.raise_issue(
        DOMAIN, ISSUE, severity="critical", is_fixable=True,
        translation_placeholders={"file": str(found.get("file")), "lost": ", ".join(map(str, found.get("lost") or ()))},
        data={"since": found.get("since")},
    )  # fmt: skip


def leave(home: Home) -> None:
    """The home goes on as it is. Waits for the store."""
    home.storage.save(SAFE_MODE, None)
    home.shared.pop(SAFE_MODE, None)
    home.registries.issues.delete(DOMAIN, ISSUE)
    home.bus.publish(Event(UPDATED, {}, Context.new(), home.clock.now()))  # clients ask for the settings again


class SettingsLost(RepairFlow):
    """Which backup to restore, or none."""

    def __init__(self, home: Home, issue: Issue) -> None:
        super().__init__(home, issue)
        self._backups: Backups | None = home.shared.get(SHARED)

    def step_confirm(self, user_input: dict[str, Any] | None) -> Step:
        if user_input is None:
            return self._form()
        chosen = user_input["backup"]
        if chosen == GO_ON or self._backups is None:
            leave(self.home)
            return CreateEntry("")
        try:
            self._backups.restore(chosen, AGENT, user_input.get("password") or None)
        except PasswordIncorrect:
            return self._form({"password": "wrong_password"})
        except HomeError as exc:
            return self._form({"base": "cannot_restore"}, str(exc))
        return CreateEntry("")

    def _form(self, errors: dict[str, str] | None = None, problem: str = "") -> Step:
        since = (self.issue.data or {}).get("since") or 0.0
        before, after = list[dict[str, str]](), list[dict[str, str]]()
        for each in reversed([] if self._backups is None else self._backups.all()):
            made = dt.datetime.fromisoformat(each["date"])
            sealed = " (password)" if each["agents"][AGENT]["protected"] else ""
            late = made.timestamp() >= since
            label = f"{made:%Y-%m-%d %H:%M} {each['name']}{sealed}{' (made after the loss)' if late else ''}"
            (after if late else before).append({"value": each["backup_id"], "label": label})
        # A backup of the home that has lost its settings is hardly what anybody wants back.
        none = {"value": GO_ON, "label": "None: go on as it is"}
        offered = [*before[:MOST_OFFERED], none, *after[:MOST_OFFERED]]
        fields = (
            Field("backup", select(offered, mode="list"), default=offered[0]["value"]),
            Field("password", text(type="password"), required=False),
        )
        placeholders = {**(self.issue.translation_placeholders or {}), "problem": problem}
        return ShowForm("confirm", Form(fields), errors=errors, placeholders=placeholders)
