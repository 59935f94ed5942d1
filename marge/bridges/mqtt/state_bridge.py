"""Plain states over MQTT: `home/<domain>/<object_id>/state` makes its payload the state of a virtual entity.

Section 6.2 of the native interface. Owned entities are their owners' business: nothing is written for them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from marge.model import Context, valid_entity_id

if TYPE_CHECKING:
    from marge.bridges.mqtt.incoming import Incoming
    from marge.home import Home

FILTER = "home/+/+/state"
MAX_STATE_BYTES = 16_384
"""The native interface allows long states; a picture is not one."""


def write_state(home: Home, message: Incoming) -> None:
    """Take the message for the state of the entity its topic names, its other attributes kept.

    Raises:
        ValueError: the topic names no entity, or the payload is no state.
    """
    _home, domain, object_id, _state = message.topic.split("/")
    entity_id = f"{domain}.{object_id}".lower()  # ids are kept in lower case, as everywhere
    if not valid_entity_id(entity_id):
        raise ValueError(f"{entity_id} is no entity id")
    text = message.text
    if text is None:
        raise ValueError("the payload is not valid UTF-8")
    if len(message.payload) > MAX_STATE_BYTES:
        raise ValueError(f"the payload has {len(message.payload)} bytes; at most {MAX_STATE_BYTES} are a state")
    if home.states.owner(entity_id) is None:
        home.entities.merge(entity_id, text, {}, Context(origin=sys.intern(message.topic)))
