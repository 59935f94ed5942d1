"""Why a day cannot be played at all. A step that fails is no error: it is a row of the table."""

from __future__ import annotations


class DayError(Exception):
    """The day cannot be played: no server, no right to ask it, no broker. The text is for people."""
