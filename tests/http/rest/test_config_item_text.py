"""Items saved as text: what the author wrote stays, what it stands for is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.home import HomeServer, home_server

CONFIGURATION = """
input_boolean: {guest: {name: Guest}}
automation: !include automations.yaml
automation by hand: !include by_hand.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
"""
COMMENTED = """id: note   # by which it is known
# The guests come at seven
alias: "Notes"
triggers:
  - trigger: event
    event_type: !secret what_happens   # told to nobody
conditions: []
actions:
  # first of all
  - event: hit
    event_data: !include data.yaml
"""
AUTOMATIONS = (
    "# ours\n- "
    + COMMENTED.replace("\n", "\n  ").rstrip()
    + "\n\n# the other\n- {id: other, triggers: [], actions: []}\n"
)
PATH = "/api/config/automation/config"


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    files = {
        "automations.yaml": AUTOMATIONS,
        "by_hand.yaml": "- {id: hand, triggers: [], actions: []}\n",
        "scripts.yaml": "",
        "scenes.yaml": "[]\n",
        "secrets.yaml": "what_happens: guests\n",
        "data.yaml": "who: ann\n",
    }
    with home_server(CONFIGURATION, files=files) as running:
        yield running


def text_of(server: HomeServer, name: str) -> str:
    return (server.home.config.config_dir / name).read_text("utf-8")


def put(server: HomeServer, path: str, text: str) -> Any:
    return server.rest("PUT", f"{path}/yaml", text.encode())


def test_an_automation_keeps_comments_order_secrets_and_includes(server):
    """It is read as it was written, and saved as it is typed; the rest of the file is untouched, and it works."""
    reply = server.rest("GET", f"{PATH}/note/yaml")
    assert reply.headers["Content-Type"].startswith("text/yaml")
    assert reply.text == COMMENTED

    typed = COMMENTED.replace("event: hit", "event: heard   # so that it is heard")
    assert put(server, f"{PATH}/note", typed).json() == {"result": "ok"}

    assert text_of(server, "automations.yaml") == AUTOMATIONS.replace(
        "event: hit", "event: heard   # so that it is heard"
    )
    heard = []
    subscription = server.home.bus.subscribe(lambda event: heard.append(event.data), "heard")
    server.rest("POST", "/api/events/guests", {})
    server.wait()
    subscription.cancel()
    assert heard == [{"who": "ann"}]
    assert put(server, f"{PATH}/note", COMMENTED).status_code == 200
    assert text_of(server, "automations.yaml") == AUTOMATIONS


def test_a_new_automation_gets_the_id_of_its_address(server):
    """And goes again with its comments."""
    typed = "# mine\nalias: Brand new\ntriggers: []\nactions: []\n"
    assert put(server, f"{PATH}/1700", typed).json() == {"result": "ok"}
    assert server.home.states.get("automation.brand_new").attributes["id"] == "1700"
    assert server.rest("GET", f"{PATH}/1700/yaml").text == "id: '1700'\n" + typed
    assert server.rest("GET", f"{PATH}/1700").json()["alias"] == "Brand new"
    assert server.rest("DELETE", f"{PATH}/1700").status_code == 200
    assert text_of(server, "automations.yaml") == AUTOMATIONS
    assert server.rest("GET", f"{PATH}/1700/yaml").status_code == 404


@pytest.mark.parametrize(
    ("typed", "message", "line"),
    [
        ("id: note\nalias: x\nactions: []\n", "Message malformed: required key not provided @ data['triggers']", None),
        ("id: note\ntriggers: []\nactions:\n  - event: !secret nope\n", "the secret `nope` is not in secrets.yaml", 4),
        ("id: note\n\ntriggers: []\nactions: !include gone.yaml\n", "the file gone.yaml to include does not exist", 4),
        ("id: other_one\ntriggers: []\nactions: []\n", "the id is `note`", None),
        ("id: note\nalias: [", "", None),
        ("- id: note\n", "a mapping is expected", None),
        ("triggers: []\nactions: [{action: a.b, data: {x: '{{ nope('}}]\n", "invalid template", None),
    ],
)
def test_what_is_not_valid_is_refused_with_its_line_and_changes_nothing(server, typed, message, line):
    """400, and the file is as it was."""
    reply = put(server, f"{PATH}/note", typed)

    assert reply.status_code == 400
    assert message in reply.json()["message"]
    assert reply.json().get("line") == line
    assert text_of(server, "automations.yaml") == AUTOMATIONS


def test_what_stands_in_another_file_is_named(server):
    """Reading says where it is; writing does not make a second one."""
    assert server.rest("GET", f"{PATH}/hand/yaml").status_code == 409
    assert "`hand` stands in by_hand.yaml:1" in server.rest("GET", f"{PATH}/hand/yaml").json()["message"]
    assert put(server, f"{PATH}/hand", "triggers: []\nactions: []\n").status_code == 400
    assert text_of(server, "automations.yaml") == AUTOMATIONS


def test_scripts_and_scenes_are_kept_as_they_are_typed(server):
    """A script by its name, a scene by its id."""
    script = "# polite\nalias: Hello\nsequence:\n  - event: hit   # hard\n"
    assert put(server, "/api/config/script/config/hello", script).json() == {"result": "ok"}
    assert text_of(server, "scripts.yaml") == "hello:\n  " + script.replace("\n", "\n  ").rstrip() + "\n"
    assert server.rest("GET", "/api/config/script/config/hello/yaml").text == script
    assert server.rest("POST", "/api/services/script/hello", {}).status_code == 200
    assert put(server, "/api/config/script/config/reload", script).status_code == 400

    scene = "id: cosy\nname: Cosy\nentities:\n  # the lamp\n  input_boolean.guest: on\n"
    assert put(server, "/api/config/scene/config/cosy", scene).json() == {"result": "ok"}
    assert server.rest("GET", "/api/config/scene/config/cosy/yaml").text == scene
    assert server.rest("POST", "/api/services/scene/turn_on", {"entity_id": "scene.cosy"}).status_code == 200
    assert server.home.states.get("input_boolean.guest").state == "on"
    for path in ("script/config/hello", "scene/config/cosy"):
        assert server.rest("DELETE", f"/api/config/{path}").status_code == 200


def test_hostile_texts_are_refused(server):
    """Too deep, too long, no text, no administrator."""
    deep = "a: " + "[" * 200 + "]" * 200
    for body in (deep.encode(), b"a: " + b"x" * 1_100_000, b"\xff\xfe", b"", b"a: &a [*a]\n", b"&a\n<<: *a\n"):
        assert server.rest("PUT", f"{PATH}/note/yaml", body).status_code == 400
    for method in ("GET", "PUT"):
        assert server.rest(method, f"{PATH}/note/yaml", b"a: 1", token=server.user_token).status_code == 401
    assert text_of(server, "automations.yaml") == AUTOMATIONS
