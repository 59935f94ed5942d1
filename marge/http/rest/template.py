"""`/api/template`: render a template."""

from __future__ import annotations

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, message_reply, text_reply
from marge.http.routing import route
from marge.templating import TemplateError


@route("POST", "/api/template", hot=True, access="admin")
def render(home: Home, request: Request) -> Reply:
    """The rendered text. HA answers a body of the wrong shape with 500; here it is a 400 with a reason."""
    try:
        body = request.json()
    except InvalidRequest as exc:
        return message_reply(f"Error rendering template: {exc.__cause__}", 400)
    if not isinstance(body, dict) or not isinstance(body.get("template"), str):
        return message_reply("Error rendering template: 'template' must be a text.", 400)
    variables = body.get("variables") or {}
    if not isinstance(variables, dict):
        return message_reply("Error rendering template: 'variables' must be an object.", 400)
    try:
        return text_reply(home.templates.render_text(body["template"], variables))
    except TemplateError as exc:
        return message_reply(f"Error rendering template: {exc}", 400)
