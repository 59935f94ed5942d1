"""`/api/template`: render a template."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, message_reply, text_reply
from marge.http.routing import route
from marge.http.shapes import STRING, TEXT, Answer
from marge.templating import TemplateError
from marge.util.quick_schema import QuickSchema
from marge.util.schema import shaped

_NO_TEXT = "'template' must be a text."


@shaped({"type": ["object", "null"]})
def _variables(value: Any) -> dict[str, Any]:
    if value and not isinstance(value, dict):
        raise vol.Invalid("'variables' must be an object.")
    return value or {}


_TEMPLATE = QuickSchema(
    {vol.Required("template", msg=_NO_TEXT): vol.Any(str, msg=_NO_TEXT), vol.Optional("variables"): _variables},
    extra=vol.REMOVE_EXTRA,
)


@route(
    "POST", "/api/template", hot=True, access="admin",
    body=_TEMPLATE,
    replies={200: Answer("The rendered text.", STRING, TEXT)},
)  # fmt: skip
def render(home: Home, request: Request) -> Reply:
    """The rendered text. HA answers a body of the wrong shape with 500; here it is a 400 with a reason."""
    try:
        body = request.json()
    except InvalidRequest as exc:
        return message_reply(f"Error rendering template: {exc.__cause__}", 400)
    try:
        valid = _TEMPLATE(body if isinstance(body, dict) else {})
    except vol.MultipleInvalid as exc:
        return message_reply(f"Error rendering template: {exc.errors[0].msg}", 400)
    try:
        return text_reply(home.templates.render_text(valid["template"], valid.get("variables", {})))
    except TemplateError as exc:
        return message_reply(f"Error rendering template: {exc}", 400)
