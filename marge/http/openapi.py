"""The description of the whole API: OpenAPI 3.1 over the routes, the services and the WebSocket commands of this home.

Made from what validates and answers: the routes' own declarations, the services' and the commands' voluptuous schemas.
Not here: how a schema is converted (`json_schema.py`), the shapes of replies (`shapes.py`).
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gevent.lock import BoundedSemaphore

from marge.http.json_schema import Converter, first_sentence
from marge.http.limits import Limits
from marge.http.routing import Route
from marge.http.shapes import BYTES, COMPONENTS, JSON, TEXT, Answer, Body, Json, Query, list_of, ref
from marge.model import dumps_anyhow
from marge.services.registry import Registered
from marge.services.targets import TARGET_FIELDS
from marge.util.breathe import in_turns
from marge.version import HA_VERSION, VERSION

if TYPE_CHECKING:
    from marge.home import Home
    from marge.http.ws.registry import Command

OPENAPI = "3.1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ARGUMENT = re.compile(r"<(?:path:)?([a-z_][a-z0-9_]*)>")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_BODY_METHODS = ("POST", "PUT", "PATCH", "DELETE")

_ABOUT = f"""Home Assistant's REST API (version {HA_VERSION}) and Marge's own endpoints beside it.

Log in with a bearer token; any `GET` can also be opened by a signed path. `x-access` says who may: `open` to everybody,
any `user`, or an `admin`istrator. Numbers, truth values and times may be sent as text, and where a list is taken one
item will do. `x-websocket-commands` holds the commands of `/api/websocket` with the schemas of their messages."""

_TEXT_OR_MESSAGE: Json = {JSON: {"schema": ref("Message")}, TEXT: {"schema": {"type": "string"}}}
_RESPONSES: Mapping[str, Json] = {
    "BadRequest": {"description": "The request is not what this path takes.", "content": _TEXT_OR_MESSAGE},
    "Unauthorized": {
        "description": "No log-in, or one without the right to do this.",
        "content": {TEXT: {"schema": {"type": "string"}}},
    },
    "NotFound": {
        "description": "There is no such thing.",
        "content": {**_TEXT_OR_MESSAGE, BYTES: {"schema": {"type": "string"}}},
    },
    "NotAllowed": {
        "description": "Not with this method; the header Allow names those that are.",
        "content": {TEXT: {"schema": {"type": "string"}}},
    },
    "TooLarge": {
        "description": f"The body has more than {Limits().max_body} bytes. It is not read to its end.",
        "content": {TEXT: {"schema": {"type": "string"}}},
    },
    "Other": {
        "description": "403: an address that is banned. 503 with Retry-After: come again. 500: a fault, or what was to"
        " be done failed.",
        "content": _TEXT_OR_MESSAGE,
    },
}
_SECURITY: Mapping[str, Json] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of `/auth/token`, or a long-lived one.",
    },
    "signedPath": {
        "type": "apiKey",
        "in": "query",
        "name": "authSig",
        "description": "As the WebSocket command `auth/sign_path` made it; for `GET` of that path alone.",
    },
}
_ERRORS = {400: "BadRequest", 401: "Unauthorized", 404: "NotFound", 405: "NotAllowed", 413: "TooLarge"}
_IDS = {id(validator): "Ids" for key, validator in TARGET_FIELDS.items() if key != "entity_id"}
_SERVICE_REPLY = "The states that changed under the call."


class Document(NamedTuple):
    """The description as it is sent."""

    body: bytes
    etag: str


class Description:
    """The description of one home, made when it is asked for and kept until a service comes or goes.

    One in `home.shared["openapi"]`. Made in slices: nobody is held up.
    """

    def __init__(self, home: Home, routes: Sequence[Route], commands: Mapping[str, Command]) -> None:
        self._home = home
        self._routes = routes
        self._commands = commands
        self._made: Document | None = None
        self._revision = -1
        self._fixed: tuple[bytes, bytes, list[Json]] | None = None
        self._busy = BoundedSemaphore()

    def document(self) -> Document:
        """The document as it is now. Waits while it is made."""
        with self._busy:
            revision = self._home.services.revision
            if self._made is None or revision != self._revision:
                self._made, self._revision = self._make(), revision
            return self._made

    def _make(self) -> Document:
        if self._fixed is None:
            routes, tags = self._route_paths()
            self._fixed = routes, self._command_list(), tags
        paths, commands, tags = self._fixed
        service_paths: list[bytes] = []
        schemas: list[bytes] = [_pair(name, shape) for name, shape in {**COMPONENTS, **_own_components()}.items()]
        domains: dict[str, None] = {}
        for domain, name, service in in_turns(self._home.services.all()):
            domains[domain] = None
            schema_name = f"service.{domain}.{name}"
            schemas.append(_pair(schema_name, service_schema(service)))
            operation = service_operation(domain, name, service, schema_name)
            service_paths.append(_pair(f"/api/services/{domain}/{name}", {"post": operation}))
        head = dumps_anyhow(
            {
                "openapi": OPENAPI,
                "jsonSchemaDialect": DIALECT,
                "info": {"title": "Marge", "version": VERSION, "description": _ABOUT},
                "servers": [{"url": "/"}],
                "tags": [*tags, *({"name": _service_tag(each), "description": f"What {each} can do."}
                                  for each in domains)],
            }
        )  # fmt: skip
        parts = dumps_anyhow({"securitySchemes": _SECURITY, "responses": _RESPONSES})
        body = b"".join(
            [
                head[:-1], b',"paths":{', b",".join([paths, *service_paths]), b'},"components":', parts[:-1],
                b',"schemas":{', b",".join(schemas), b'}},"x-websocket-commands":{', commands, b"}}",
            ]
        )  # fmt: skip
        return Document(body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')

    def _route_paths(self) -> tuple[bytes, list[Json]]:
        """The paths of the routes as JSON members, and the tags."""
        paths: dict[str, Json] = {}
        tags: dict[str, str] = {}
        seen: set[str] = set()
        for route in in_turns(self._routes):
            module = sys.modules[route.handler.__module__]
            tag = module.__name__.rpartition(".")[2].strip("_").replace("_", " ")
            tags.setdefault(tag, first_sentence(module.__doc__))
            template = _ARGUMENT.sub(r"{\1}", route.path)
            method = "get" if route.is_websocket else route.method.lower()
            paths.setdefault(template, {})[method] = route_operation(route, template, tag, seen)
        members = [_pair(path, item) for path, item in in_turns(sorted(paths.items()))]
        return b",".join(members), [{"name": name, "description": text} for name, text in sorted(tags.items())]

    def _command_list(self) -> bytes:
        return b",".join(
            [_pair(name, describe_command(each)) for name, each in in_turns(sorted(self._commands.items()))]
        )


def description_of(home: Home) -> Description:
    """The home's one description."""
    found: Description | None = home.shared.get("openapi")
    if found is None:
        found = home.shared["openapi"] = Description(home, home.shared["routes"], home.shared["websockets"].commands)
    return found


def _own_components() -> dict[str, Json]:
    return {"Ids": Converter().convert(next(each for key, each in TARGET_FIELDS.items() if key == "device_id"))}


def _pair(name: str, value: Any) -> bytes:
    return dumps_anyhow(name) + b":" + dumps_anyhow(value)


# -- routes ------------------------------------------------------------------------------------------------------------


def route_operation(route: Route, template: str, tag: str, seen: set[str]) -> Json:
    """The Operation Object of a route. `seen`: operation ids that are taken."""
    method = "GET" if route.is_websocket else route.method
    operation: Json = {
        "operationId": _operation_id(method, template, seen),
        "tags": [tag],
        **_texts(route.handler.__doc__),
        "x-access": route.access,
        "security": _security(route),
    }
    arguments = _ARGUMENT.findall(route.path)
    parameters = [_path_parameter(name, f"<path:{name}>" in route.path) for name in arguments]
    parameters += [_query_parameter(name, each) for name, each in route.query.items()]
    if parameters:
        operation["parameters"] = parameters
    body = route.body
    if body is not None:
        operation["requestBody"] = _request_body(body if isinstance(body, Body) else Body(body))
    operation["responses"] = _responses(route, method, bool(arguments))
    return operation


def _operation_id(method: str, template: str, seen: set[str]) -> str:
    base = f"{method.lower()}_{_NO_SLUG.sub('_', template.lower()).strip('_') or 'page'}"
    name, number = base, 1
    while name in seen:
        number += 1
        name = f"{base}_{number}"
    seen.add(name)
    return name


def _texts(doc: str | None) -> Json:
    summary = first_sentence(doc)
    rest = (doc or "").strip().partition("\n\n")[2]
    texts: Json = {"summary": summary} if summary else {}
    if rest:
        texts["description"] = "\n".join(line.strip() for line in rest.splitlines())
    return texts


def _security(route: Route) -> list[Json]:
    if route.access == "open":
        return [{}, {"bearer": []}]
    return [{"bearer": []}, {"signedPath": []}] if route.method == "GET" else [{"bearer": []}]


def _path_parameter(name: str, takes_slashes: bool) -> Json:
    found: Json = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {**found, "description": "May hold slashes."} if takes_slashes else found


def _query_parameter(name: str, query: Query | str) -> Json:
    each = query if isinstance(query, Query) else Query(query)
    schema: Json = {"type": "array", "items": dict(each.schema)} if each.many else dict(each.schema)
    found: Json = {"name": name, "in": "query", "description": each.text, "schema": schema}
    if each.flag:
        found["allowEmptyValue"] = True
        found["description"] += " That it stands there is enough."
    return {**found, "required": True} if each.required else found


def _request_body(body: Body) -> Json:
    schema = dict(body.schema or {}) if body.shape else Converter(_IDS).convert(body.schema)
    return {"required": body.required, "content": {body.content_type: {"schema": schema}}}


def _responses(route: Route, method: str, has_arguments: bool) -> Json:
    replies = route.replies or {200: Answer("Done.")}
    found: Json = {str(status): _response(each) for status, each in replies.items()}
    wanted = [405]
    if route.body is not None or route.query or method in _BODY_METHODS:
        wanted.append(400)
    if route.access != "open":
        wanted.append(401)
    if has_arguments:
        wanted.append(404)
    if method in _BODY_METHODS:
        wanted.append(413)
    for status in sorted(wanted):
        found.setdefault(str(status), {"$ref": f"#/components/responses/{_ERRORS[status]}"})
    found["default"] = {"$ref": "#/components/responses/Other"}
    return found


def _response(reply: Answer | str) -> Json:
    each = reply if isinstance(reply, Answer) else Answer(reply)
    if each.content_type is None:
        return {"description": each.text}
    return {"description": each.text, "content": {each.content_type: {"schema": dict(each.schema)}}}


# -- services ----------------------------------------------------------------------------------------------------------


def _service_tag(domain: str) -> str:
    return f"services of {domain}"


def service_schema(service: Registered) -> Json:
    """The JSON Schema of a service's data, with the texts of its fields."""
    schema = Converter(_IDS).convert(service.schema) if service.schema is not None else {}
    schema = {"type": "object", **schema}
    described = dict(_fields(service.fields))
    properties = dict(schema.get("properties", {}))
    for name, field in described.items():
        if name not in properties and schema.get("additionalProperties") is False:
            continue
        text = field.get("description") or field.get("name")
        known = dict(properties.get(name, {}))
        properties[name] = {**known, "description": str(text)} if text else known
    return {**schema, "properties": properties} if properties else schema


def _fields(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields by name; those of folded groups too."""
    for name, field in fields.items():
        if isinstance(field, Mapping):
            inner = field.get("fields")
            if isinstance(inner, Mapping):
                yield from _fields(inner)
            else:
                yield name, field


def service_operation(domain: str, name: str, service: Registered, schema_name: str) -> Json:
    """The Operation Object of a call of this service."""
    operation: Json = {
        "operationId": f"service_{domain}_{name}",
        "tags": [_service_tag(domain)],
        "summary": service.name or name.replace("_", " ").capitalize(),
        "x-access": "user",
        "security": [{"bearer": []}],
    }
    if service.description:
        operation["description"] = service.description
    reply = list_of(ref("State"))
    if service.supports_response != "none":
        query = Query("Give the answer of the service.", {"type": "boolean"}, flag=True)
        must = service.supports_response == "only"
        operation["parameters"] = [_query_parameter("return_response", query._replace(required=must))]
        reply = ref("ChangedStates") if must else {"anyOf": [reply, ref("ChangedStates")]}
    operation["requestBody"] = {"required": False, "content": {JSON: {"schema": ref(schema_name)}}}
    responses: Json = {"200": _response(Answer(_SERVICE_REPLY, reply))}
    for status in (400, 401, 405, 413):
        responses[str(status)] = {"$ref": f"#/components/responses/{_ERRORS[status]}"}
    responses["500"] = {"description": "The service failed, or a device refused.", "content": _TEXT_OR_MESSAGE}
    operation["responses"] = {**responses, "default": {"$ref": "#/components/responses/Other"}}
    return operation


# -- WebSocket commands ------------------------------------------------------------------------------------------------


def describe_command(command: Command) -> Json:
    """A WebSocket command: who may, and the schema of its message."""
    if command.schema is None:
        message: Json = {"type": "object", "properties": {"id": {}, "type": {}}, "required": ["id", "type"],
                         "additionalProperties": False}  # fmt: skip
    else:
        message = Converter(_IDS).convert(command.schema)
    properties = message.get("properties")
    if isinstance(properties, dict):
        properties["id"] = {"type": "integer", "minimum": 1}
        properties["type"] = {"const": command.name}
    return {**_texts(command.handler.__doc__), "x-access": "admin" if command.admin else "user", "message": message}
