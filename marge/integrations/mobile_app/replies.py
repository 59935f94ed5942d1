"""What commands answer with."""

from __future__ import annotations

from typing import Any

NOTHING = object()
"""The body of an answer that has none."""


class Answer:
    """JSON, and its status."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body = body
        self.status = status


class Refused(Exception):
    """The app did something wrong and is told so: a code and a text."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
