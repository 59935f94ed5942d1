"""Backups that were sent while the home had no owner: which they are, and how many may be.

They are no sign of a home that was here before. Waits for the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marge.home import Home

SENT_KEY = "backup/sent_without_owner"
MOST_SENT = 20
"""Nobody is known who could be asked to stop."""


def sent(home: Home) -> list[str]:
    """Their ids, the oldest first."""
    found = home.storage.load(SENT_KEY)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def remember_sent(home: Home, backup_id: str) -> None:
    """One more."""
    home.storage.save(SENT_KEY, [*(each for each in sent(home) if each != backup_id), backup_id][-MOST_SENT:])
