"""What a template may fail with. Every other exception inside a render is turned into one of these."""

from __future__ import annotations

import re

from marge.errors import MargeError


class TemplateError(MargeError):
    """A template could not be compiled or rendered.

    The text is the one Home Assistant gives: the kind of error, a colon and its message, as in
    `UndefinedError: 'x' is undefined`. HTTP puts `Error rendering template: ` before it.
    """


class TemplateTimeout(TemplateError):
    """A render used up its time."""

    def __init__(self, budget_s: float) -> None:
        super().__init__(f"Exceeded maximum execution time of {float(budget_s)}s")
        self.budget_s = budget_s


class TemplateTooBig(TemplateError):
    """A template, a value inside it, or what it made, is larger than allowed."""


def describe(error: BaseException) -> str:
    """The text of a `TemplateError` for any exception that a template raised."""
    kind = type(error)
    # Python before 3.13 calls it `error`, and that says nothing to a reader.
    name = "PatternError" if kind is re.error else kind.__name__
    return f"{name}: {error}"
