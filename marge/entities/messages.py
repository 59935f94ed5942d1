"""Messages to entity actors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from marge.model import Context


class WriteState(NamedTuple):
    """Make this the state, attributes replaced. Reply: `(State, whether it is new)`."""

    state: str
    attributes: Mapping[str, Any]
    context: Context
    force: bool = False


class MergeState(NamedTuple):
    """Change the state and the named attributes only; `state` None keeps it. Reply: `State`."""

    state: str | None
    attributes: Mapping[str, Any]
    context: Context


class Report(NamedTuple):
    """The owner's news: fields of the owned entity. Reply: `State`.

    `origin`: what the device said it on, such as an MQTT topic.
    """

    values: Mapping[str, Any]
    context: Context | None = None
    origin: str | None = None


class RunCommand(NamedTuple):
    """A service call on this entity, validated.

    Reply: the command's response (None for most), or a `Future` of it.
    """

    service: str
    method: str
    features: int | tuple[int, ...]
    data: Mapping[str, Any]
    context: Context


class OwnerChanged(NamedTuple):
    """The entity was given to an owner, or taken from one: show it anew."""


class RemoveEntity(NamedTuple):
    """Remove the state. Reply: whether there was one."""

    context: Context


class AwaitTurn(NamedTuple):
    """Reply: None, once what came before is done."""


class RenameEntity(NamedTuple):
    """Go on under another id of the same domain, which nobody has. Reply: whether there was anything."""

    new_id: str
    context: Context


class ParkEntity(NamedTuple):
    """The entity was disabled: its state and its actor go, the `Entity` waits. Reply: whether there was a state."""

    context: Context


class ReleaseEntity(NamedTuple):
    """The owner ends for now: show the entity as a restored placeholder until it is added again."""
