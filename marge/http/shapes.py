"""What routes take and answer, for the description of the API: bodies, query arguments, replies, and common shapes.

Pure values in JSON Schema. Not here: checking (the voluptuous schemas do that), the document (`openapi.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = dict[str, Any]

JSON = "application/json"
TEXT = "text/plain"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BYTES = "application/octet-stream"


class Body(NamedTuple):
    """A request's body.

    Attributes:
        schema: the voluptuous schema that validates it, or a JSON Schema (`shape=True`) of what is no JSON.
        content_type: the usual one; most routes do not look at it.
        required: whether there has to be one.
        shape: `schema` is a JSON Schema.
    """

    schema: Any = None
    content_type: str = JSON
    required: bool = True
    shape: bool = False


class Query(NamedTuple):
    """A query argument. `schema`: JSON Schema of one value; `flag`: that it stands there is enough."""

    text: str
    schema: Mapping[str, Any] = MappingProxyType({"type": "string"})
    required: bool = False
    flag: bool = False
    many: bool = False


class Answer(NamedTuple):
    """A reply. `schema`: JSON Schema of a JSON body; `content_type` None: there is no body."""

    text: str
    schema: Mapping[str, Any] = MappingProxyType({})
    content_type: str | None = JSON


Queries = Mapping[str, Query | str]
Replies = Mapping[int, Answer | str]
NO_QUERIES: Queries = MappingProxyType({})
NO_REPLIES: Replies = MappingProxyType({})


def obj(**fields: Mapping[str, Any]) -> Json:
    """An object. A name that ends in `_` may be absent (`reason_` is the field `reason`); others may be added."""
    required = [name for name in fields if not name.endswith("_")]
    found: Json = {"type": "object", "properties": {name.removesuffix("_"): each for name, each in fields.items()}}
    return {**found, "required": required} if required else found


def list_of(items: Mapping[str, Any]) -> Json:
    return {"type": "array", "items": items}


def ref(name: str) -> Json:
    """One of `COMPONENTS`, or of those that the document adds."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(shape: Mapping[str, Any]) -> Json:
    """That, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


STRING: Json = {"type": "string"}
INTEGER: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
BOOLEAN: Json = {"type": "boolean"}
OBJECT: Json = {"type": "object"}
TIME: Json = {"type": "string", "description": "ISO 8601."}
STRINGS = list_of(STRING)

WINDOW: Queries = {
    "start": "Beginning, ISO 8601; without an offset UTC. 24 hours ago unless given.",
    "end": "End, as `start`; now unless given.",
}
"""Of Marge's own paths to the past."""

FILE = Body(
    {"type": "object", "properties": {"file": {"type": "string", "contentMediaType": BYTES}}, "required": ["file"]},
    MULTIPART, shape=True,
)  # fmt: skip
FLOW_ID = "A flow, as the step before named it."

COMPONENTS: Mapping[str, Json] = {
    "Message": obj(message=STRING),
    "Ok": obj(result={"const": "ok"}),
    "Context": obj(id=STRING, parent_id=maybe(STRING), user_id=maybe(STRING)),
    "State": obj(
        entity_id=STRING, state=STRING, attributes=OBJECT, last_changed=TIME, last_reported=TIME, last_updated=TIME,
        context=ref("Context"),
    ),
    "Service": obj(name_=STRING, description_=STRING, fields=OBJECT, target_=OBJECT, response_=obj(optional=BOOLEAN)),
    "ChangedStates": obj(changed_states=list_of(ref("State")), service_response={}),
    "ConfigEntry": obj(
        entry_id=STRING, domain=STRING, title=STRING, source=STRING, state=STRING, supports_options=BOOLEAN,
        supports_remove_device=maybe(BOOLEAN), supports_unload=maybe(BOOLEAN), supports_reconfigure=BOOLEAN,
        pref_disable_new_entities=BOOLEAN, pref_disable_polling=BOOLEAN, disabled_by=maybe(STRING),
        reason=maybe(STRING), created_at=NUMBER, modified_at=NUMBER,
    ),
    "FlowStep": {
        **obj(type=STRING, flow_id_=STRING, handler_={}, step_id_=maybe(STRING), data_schema_={}, errors_={}),
        "description": "`form`: to be filled in; `menu`: to choose from; `create_entry`: done; `abort`: not possible.",
    },
    "FormErrors": obj(errors=OBJECT),
    "RestartNeeded": obj(require_restart=BOOLEAN),
    "CalendarEvent": obj(
        start=OBJECT, end=OBJECT, summary=STRING, description=maybe(STRING), location=maybe(STRING),
        uid=maybe(STRING), recurrence_id=maybe(STRING), rrule=maybe(STRING),
    ),
    "ShoppingItem": obj(id=STRING, name=STRING, complete=BOOLEAN),
    "Area": obj(area_id=STRING, name=STRING, entity_count=INTEGER, entities=STRINGS),
    "Device": obj(
        device_id=STRING, name=STRING, manufacturer=STRING, model=STRING, area_id=STRING, entity_count=INTEGER,
        entities=STRINGS,
    ),
    "Label": obj(label_id=STRING, name=STRING, color=STRING, entity_count=INTEGER, entities=STRINGS),
    "Notification": obj(
        notification_id=STRING, title=STRING, message=STRING, created_at=TIME, dismissed=BOOLEAN,
    ),
    "User": obj(username=STRING, display_name=STRING, created_at=TIME),
    "Token": obj(id=STRING, name=STRING, created_at=TIME, token=maybe(STRING)),
    "AccessToken": obj(
        access_token=STRING, token_type={"const": "Bearer"}, expires_in=INTEGER, refresh_token_=STRING,
        ha_auth_provider_=STRING,
    ),
    "AuthCode": obj(auth_code=STRING),
    "Point": obj(state=STRING, entity_id_=STRING, attributes_=OBJECT, last_changed_=TIME, last_updated_=TIME),
    "LogbookEntry": obj(when=STRING, entity_id_=maybe(STRING), name_=STRING, state_=STRING, message_=STRING),
    "Hour": obj(hour=STRING, min=NUMBER, max=NUMBER, mean=NUMBER, count=INTEGER),
    "Picture": obj(id=STRING, name=STRING, content_type=STRING, filesize=INTEGER, uploaded_at=TIME),
}  # fmt: skip
"""Named shapes of replies. They name what is always there; more may come."""
