"""Errors and signals of the automation engine."""

from __future__ import annotations

from typing import Any

from marge.errors import HomeError


class ConditionError(HomeError):
    """A condition could not be evaluated: an unknown entity, a value that is no number, a broken template."""

    def lines(self, indent: int) -> list[str]:
        return [f"{'  ' * indent}{line}" for line in str(self).splitlines()]


class ConditionErrorIn(ConditionError):
    """What failed inside a condition that holds others (or other entities).

    Attributes:
        kind: the holder's kind, `or` or `state`.
        causes: the errors inside with their position (0-based) and the number of items.
    """

    def __init__(self, kind: str, causes: list[tuple[int, int, ConditionError]]) -> None:
        self.kind = kind
        self.causes = causes
        super().__init__("\n".join(self.lines(0)))

    def lines(self, indent: int) -> list[str]:
        text: list[str] = []
        for index, total, cause in self.causes:
            where = f" (item {index + 1} of {total})" if total > 1 else ""
            text.append(f"{'  ' * indent}In '{self.kind}'{where}:")
            text.extend(cause.lines(indent + 1))
        return text


class SequenceEnded(Exception):  # noqa: N818 - a signal, not an error
    """Base of the signals that end a sequence of actions before its last one."""


class ConditionFailed(SequenceEnded):
    """A condition among the actions was false: the sequence it stands in ends, the one around it goes on."""


class ScriptStopped(SequenceEnded):
    """`stop`: the whole run ends, with a response or without."""

    def __init__(self, reason: str, response: Any = None) -> None:
        super().__init__(reason)
        self.response = response


class ScriptAborted(SequenceEnded):
    """The whole run ends because going on makes no sense (`stop` with `error`, a time-out, a bad delay)."""


class RunStopped(BaseException):
    """Somebody stopped this run from outside. Thrown into its greenlet; no `Exception`: no action catches it."""
