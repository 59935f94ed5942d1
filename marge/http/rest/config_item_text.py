"""`/api/config/{automation,script,scene}/config/<key>/yaml`: one item as the text that its author wrote.

Beside HA's editor routes, which take values: here comments, order, quotes and tags are kept as they are typed.
"""

from __future__ import annotations

from marge.automations.editing import AUTOMATION, SCENE, SCRIPT, Editable, Malformed
from marge.automations.editing_text import MalformedText, StandsElsewhere, find_text, save_text
from marge.automations.yaml_items import YamlItemError
from marge.errors import NotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._config_editor import MAX_KEY, UNKNOWN, YAML
from marge.http.routing import Handler, route
from marge.http.shapes import INTEGER, STRING, Answer, Body, obj, ref

_TEXT = {
    200: Answer("Without the dash of a list or the name of a script.", STRING, YAML),
    409: Answer("It stands in another file, which is named.", obj(message=STRING)),
}
_SAVED = {
    200: Answer("It is loaded.", ref("Ok")),
    400: Answer("Not valid; nothing is changed. `line` of the text, where it is known.",
                obj(message=STRING, line_=INTEGER)),
}  # fmt: skip


def _getter(kind: Editable) -> Handler:
    def get_text(home: Home, request: Request) -> Reply:
        try:
            found = find_text(home, kind, request.args["key"])
        except StandsElsewhere as exc:
            raise HttpError(409, str(exc)) from exc
        if found is None:
            raise NotFound(UNKNOWN)
        return Reply(200, found.encode(), YAML)

    return get_text


def _putter(kind: Editable) -> Handler:
    def put_text(home: Home, request: Request) -> Reply:
        key = request.args["key"]
        if len(key) > MAX_KEY or not key.isprintable():
            raise HttpError(400, "Key malformed: a key has at most 255 printable characters")
        try:
            text = request.body.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise HttpError(400, "the text is not UTF-8") from exc
        try:
            save_text(home, kind, key, text)
        except MalformedText as exc:
            message = f"Message malformed: {exc}"
            return json_reply({"message": message} | ({} if exc.line is None else {"line": exc.line}), 400)
        except (Malformed, YamlItemError) as exc:
            raise HttpError(400, str(exc)) from exc
        return json_reply({"result": "ok"})

    return put_text


def _described(handler: Handler, name: str, text: str) -> Handler:
    handler.__name__ = handler.__qualname__ = name
    handler.__doc__ = text
    return handler


def _routes(kind: Editable) -> tuple[Handler, Handler]:
    path = f"/api/config/{kind.name}/config/<key>/yaml"
    get = _described(_getter(kind), f"{kind.name}_text", f"One {kind.name} as its author wrote it.")
    put = _described(
        _putter(kind), f"save_{kind.name}_text",
        f"Replace or add a {kind.name}: comments, order and tags stay as they are typed.",
    )  # fmt: skip
    body = Body(STRING, YAML, shape=True)
    return (
        route("GET", path, access="admin", replies=_TEXT)(get),
        route("PUT", path, access="admin", body=body, replies=_SAVED)(put),
    )


get_automation_text, put_automation_text = _routes(AUTOMATION)
get_script_text, put_script_text = _routes(SCRIPT)
get_scene_text, put_scene_text = _routes(SCENE)
