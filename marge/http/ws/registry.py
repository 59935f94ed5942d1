"""Which function answers which command: the `command` decorator, and finding the commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.util.parts import Report, find_parts
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.http.ws.session import Session

_MARK = "__marge_command__"

Handler = Callable[["Session", dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        schema: of the whole message; None: no fields beside `id` and `type`.
        admin: administrators only.
        waits: it asks, renders or reads the database: it runs in a greenlet of its own, so that others overtake it.
    """

    name: str
    handler: Handler
    schema: Callable[[Any], Any] | None
    admin: bool
    waits: bool


def command(
    name: str, fields: Mapping[Any, Any] | None = None, *, admin: bool = False, waits: bool = False
) -> Callable[[Handler], Handler]:
    """Let a function `(session, message) -> None` answer the command `name`.

    It replies with `session.result(message["id"], …)`; what it raises becomes an error reply.

    Args:
        fields: voluptuous fields beside `id` and `type`.
    """
    schema = None
    if fields is not None:
        schema = LateSchema({vol.Required("id"): int, vol.Required("type"): str, **fields})

    def mark(function: Handler) -> Handler:
        setattr(function, _MARK, Command(name, function, schema, admin, waits))
        return function

    return mark


def command_of(function: Handler) -> Command:
    """The command that a function was made to answer."""
    mark: Command = getattr(function, _MARK)
    return mark


def find_commands(report: Report | None = None) -> dict[str, Command]:
    """All commands by name: the functions of the modules of `commands/`, and what those list in `COMMANDS`. `report`
    hears of those that cannot be imported."""
    found: dict[str, Command] = {}
    for _name, module in find_parts("marge.http.ws.commands", report):
        for each in (*_marked(module), *getattr(module, "COMMANDS", ())):
            if each.name in found:
                raise ValueError(f"two functions for the command {each.name}")
            found[each.name] = each
    return found


def _marked(module: ModuleType) -> Iterator[Command]:
    for item in vars(module).values():
        mark = getattr(item, _MARK, None)
        if isinstance(mark, Command) and getattr(item, "__module__", None) == module.__name__:
            yield mark
