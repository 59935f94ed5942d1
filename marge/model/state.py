"""States: an immutable picture of one entity at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from marge.model.context import Context
from marge.model.json import dumps_anyhow
from marge.util.dt import iso


class ReadOnlyDict(dict[str, Any]):
    """A dict that nobody changes: snapshots are shared by all readers. JSON encoders still see a dict."""

    __slots__ = ()

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("a snapshot cannot be changed; copy it with dict(...)")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __copy__(self) -> ReadOnlyDict:
        return self

    def __deepcopy__(self, _memo: object) -> ReadOnlyDict:
        return self

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return (ReadOnlyDict, (dict(self),))


_NO_ATTRIBUTES = ReadOnlyDict()


class State:
    """One entity at one moment. Never changed once made.

    Attributes:
        entity_id: `<domain>.<object_id>`.
        state: the main value as text; `unknown` = no value yet, `unavailable` = no contact.
        attributes: everything else that is known.
        last_changed, last_updated, last_reported: UTC epoch seconds when the state differed, when state or
            attributes differed, when something arrived even if equal.
        context: who or what caused it.
    """

    __slots__ = (
        "_json", "attributes", "context", "entity_id", "last_changed", "last_reported", "last_updated", "state",
    )

    def __init__(
        self,
        entity_id: str,
        state: str,
        attributes: Mapping[str, Any] | None,
        last_changed: float,
        last_updated: float,
        last_reported: float,
        context: Context,
    ) -> None:
        self.entity_id = entity_id
        self.state = state
        if type(attributes) is ReadOnlyDict:
            self.attributes = attributes
        else:
            self.attributes = ReadOnlyDict(attributes) if attributes else _NO_ATTRIBUTES
        self.last_changed = last_changed
        self.last_updated = last_updated
        self.last_reported = last_reported
        self.context = context
        self._json: bytes | None = None

    @property
    def domain(self) -> str:
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        return self.entity_id.partition(".")[2]

    @property
    def name(self) -> str:
        """The friendly name, else the object id with blanks."""
        name = self.attributes.get("friendly_name")
        return str(name) if name is not None else self.object_id.replace("_", " ")

    def as_dict(self) -> dict[str, Any]:
        """The state as HA's API shows it."""
        changed = iso(self.last_changed)
        updated = changed if self.last_updated == self.last_changed else iso(self.last_updated)
        reported = updated if self.last_reported == self.last_updated else iso(self.last_reported)
        return {
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": self.attributes,
            "last_changed": changed,
            "last_reported": reported,
            "last_updated": updated,
            "context": self.context.as_dict(),
        }

    @property
    def json(self) -> bytes:
        """`as_dict` as JSON, made on first use and then shared by everyone who sends it."""
        made = self._json
        if made is None:
            # Copied: orjson's own bytes keep their writing buffer, 4 KB each, which 50,000 states show as 200 MB.
            made = self._json = bytes(memoryview(dumps_anyhow(self.as_dict())))
        return made

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, State)
            and self.entity_id == other.entity_id
            and self.state == other.state
            and self.attributes == other.attributes
            and self.context == other.context
        )

    def __hash__(self) -> int:
        return hash((self.entity_id, self.state, self.last_updated))

    def __repr__(self) -> str:
        return f"<State {self.entity_id}={self.state!r} {dict(self.attributes)!r} @ {iso(self.last_changed)}>"
