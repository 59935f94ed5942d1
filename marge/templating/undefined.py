"""Unknown names: what they do when printed, tested or used, as Home Assistant has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Undefined

from marge.templating.budget import current

# The kinds of objects appear in messages; clients know them by these names.
_NAMES = {
    "marge.model.state.ReadOnlyDict": "homeassistant.util.read_only_dict.ReadOnlyDict",
    "marge.templating.states.": "homeassistant.helpers.template.",
}


def _as_known(text: str) -> str:
    for ours, known in _NAMES.items():
        text = text.replace(ours, known)
    return text


def _log(level: str, text: str) -> None:
    render = current()
    if render is not None:
        render.log(level, text)


class LoggingUndefined(Undefined):
    """Prints as nothing, is false, fails when used; each time a message is kept for whoever asked."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return _as_known(Undefined._undefined_message.fget(self))  # type: ignore[attr-defined]

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        _log("ERROR", self._undefined_message)
        raise self._undefined_exception(self._undefined_message)

    def __str__(self) -> str:
        _log("WARNING", self._undefined_message)
        return ""

    def __iter__(self) -> Iterator[Any]:
        _log("WARNING", self._undefined_message)
        return iter(())

    def __bool__(self) -> bool:
        _log("WARNING", self._undefined_message)
        return False


class Strict(StrictUndefined):
    """Fails even when printed."""

    __slots__ = ()


Strict.__name__ = Strict.__qualname__ = "StrictUndefined"
