"""Locks."""

from __future__ import annotations

import re
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import string
from marge.domains._virtual import to, virtual
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError

OPEN = 1


class LockEntity(Entity):
    """A lock that somebody owns. Owners override `lock(code=…)`, `unlock(code=…)`, `open(code=…)`.

    `code` is passed only when somebody gave one, and matches `code_format` then.

    Attributes:
        is_locked: None is unknown.
        is_jammed, is_locking, is_unlocking, is_open, is_opening: True where it applies.
        code_format: regular expression that codes must match; None: no code is needed.
        changed_by: who used it last.
        supported_features: 1: it can open (unlatch).
    """

    domain = "lock"
    is_locked: bool | None = None
    is_jammed: bool | None = None
    is_locking: bool | None = None
    is_unlocking: bool | None = None
    is_open: bool | None = None
    is_opening: bool | None = None
    code_format: str | None = None
    changed_by: str | None = None
    supported_features: int = 0

    # -- for owners --------------------------------------------------------------------------------------------------

    def lock(self, **code: str) -> Any:
        self.is_locked, self.is_open, self.is_jammed = True, False, False

    def unlock(self, **code: str) -> Any:
        self.is_locked, self.is_open, self.is_jammed = False, False, False

    def open(self, **code: str) -> Any:
        self.is_locked, self.is_open, self.is_jammed = False, True, False

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_lock(self, code: str = "") -> Any:
        return self.lock(**self._checked(code))

    def handle_unlock(self, code: str = "") -> Any:
        return self.unlock(**self._checked(code))

    def handle_open(self, code: str = "") -> Any:
        return self.open(**self._checked(code))

    def _checked(self, code: str) -> dict[str, str]:
        if self.code_format is not None and re.match(self.code_format, code) is None:
            raise ServiceValidationError(
                f"The code for {self.entity_id} doesn't match pattern {self.code_format}",
                translation_key="add_default_code",
                translation_domain="lock",
                placeholders={"entity_id": self.entity_id, "code_format": self.code_format},
            )
        return {"code": code} if code else {}

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        for holds, word in (
            (self.is_jammed, "jammed"),
            (self.is_opening, "opening"),
            (self.is_locking, "locking"),
            (self.is_open, "open"),
            (self.is_unlocking, "unlocking"),
        ):
            if holds:
                return word
        if self.is_locked is None:
            return None
        return "locked" if self.is_locked else "unlocked"

    def state_attributes(self) -> dict[str, Any]:
        shown = {"changed_by": self.changed_by, "code_format": self.code_format}
        return {key: value for key, value in shown.items() if value is not None}


_CODE = {vol.Optional("code"): string}

DOMAIN = Domain(
    "lock",
    services={
        "lock": service("lock", "lock", "handle_lock", "Locks.", _CODE),
        "unlock": service("lock", "unlock", "handle_unlock", "Unlocks.", _CODE),
        "open": service("lock", "open", "handle_open", "Pulls the latch, so that the door opens.", _CODE, OPEN),
    },
    entity=LockEntity,
    virtual=virtual({"lock": to("locked"), "unlock": to("unlocked"), "open": to("open")}),
)
