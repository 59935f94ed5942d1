"""`/api/states/search`."""

from __future__ import annotations

from collections.abc import Callable

from marge.home import Home
from marge.http.message import Reply, Request, json_bytes_reply
from marge.http.rest.permissions import may_read
from marge.http.routing import route
from marge.http.shapes import Answer, list_of, ref
from marge.http.turns import in_slices, make_json
from marge.model import State


@route(
    "GET", "/api/states/search", hot=True,
    query={
        "domain": "Of this domain.", "state": "Exactly this state.",
        "q": "Part of the entity id, the name or the state.",
        "label": "With this label.", "area": "In this area.",
    },
    replies={200: Answer("By entity id.", list_of(ref("State")))},
)  # fmt: skip
def search(home: Home, request: Request) -> Reply:
    """States that pass all of `domain`, `state`, `q`, `label` and `area`, by entity id. None given: all of them."""
    if not may_read(request.user):
        return json_bytes_reply(b"[]")
    query = request.query
    tests: list[Callable[[State], bool]] = []
    if domain := query.get("domain"):
        prefix = f"{domain}."
        tests.append(lambda state: state.entity_id.startswith(prefix))
    if (wanted := query.get("state")) is not None:
        tests.append(lambda state: state.state == wanted)
    if text := query.get("q", "").casefold():
        tests.append(lambda state: text in state.entity_id or text in state.state.casefold()
                     or text in str(state.attributes.get("friendly_name", "")).casefold())
    if (label := query.get("label")) is not None:
        labelled = {entry.entity_id for entry in home.registries.entities.with_label(label)}
        tests.append(lambda state: state.entity_id in labelled)
    if (area := query.get("area")) is not None:
        tests.append(lambda state: home.registries.area_of(state.entity_id) == area)
    found = [state for state in in_slices(home.states.all()) if all(test(state) for test in tests)]
    found.sort(key=lambda state: state.entity_id)
    make_json(found)
    return json_bytes_reply(b"[" + b",".join([state.json for state in found]) + b"]")
