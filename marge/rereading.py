"""Reading the files again in a running home: what cannot be read changes nothing, and its people are told.

What a section means is the matter of who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from marge.actors import native
from marge.config import HomeConfig, reread
from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.config")

ISSUE_DOMAIN, ISSUE = "homeassistant", "files_not_read"


def read_again(home: Home) -> HomeConfig:
    """The files as they are now, for a reload. Waits. A repair issue stands while they cannot be read.

    Raises:
        HomeError: one of the files cannot be read; the text has its place.
    """
    try:
        config = native.attempt((HomeError,), reread, home.config.config_dir)
    except HomeError as exc:
        log.error("the files were not read again, and all goes on as it was", problem=str(exc))
        home.registries.issues.raise_issue(
            ISSUE_DOMAIN, ISSUE, severity="error", translation_placeholders={"problem": str(exc)}
        )
        raise
    home.registries.issues.delete(ISSUE_DOMAIN, ISSUE)
    return config
