"""The agent: sentences do what they say, answers say what happened; intents over REST; Assist pipelines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.automations.sentences import sentence_triggers
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
demo:
conversation:
  intents:
    Dinner: ["dinner for {count} [people]", "Let us eat!"]
    Broken: "break [it"
intent_script:
  Dinner:
    action:
      - {service: light.turn_on, target: {entity_id: light.ceiling_lights}}
    speech: {text: "Set for {{ count | default('all') }}"}
  Failing: {action: [{service: no.such}]}
  Wrong: {action: 7}
automation:
  - id: party
    trigger: {platform: conversation, command: ["[it is] party time [for] {who}", "movie night"]}
    action:
      - if: "{{ trigger.slots.who is defined }}"
        then: [{set_conversation_response: "Cheers, {{ trigger.slots.who }}"}]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION, bridges=("demo",)) as running:
        until(lambda: "weather.demo_weather_north" in running.home.states)
        kitchen = running.home.registries.areas.create("Kitchen", aliases=["Galley"]).area_id
        entities = running.home.registries.entities
        entities.update("light.kitchen_lights", area_id=kitchen)
        entities.update("light.bed_light", aliases=["Sleepy"])
        flow = running.rest("POST", "/api/config/config_entries/flow", {"handler": "shopping_list"}).json()
        running.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", {})
        yield running


def say(server: HomeServer, text: str, **more: Any) -> dict[str, Any]:
    reply = server.rest("POST", "/api/conversation/process", {"text": text, **more})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()["response"]
    return answer


def spoken(answer: dict[str, Any]) -> str:
    return str(answer["speech"]["plain"]["speech"])


def state(server: HomeServer, entity_id: str) -> str:
    found = server.home.states.get(entity_id)
    assert found is not None
    return found.state


@pytest.mark.parametrize(
    ("text", "language", "entity_id", "becomes", "answer"),
    [
        ("turn off bed light", "en", "light.bed_light", "off", "Turned off the light"),
        ("Turn on Sleepy, please".replace(", please", ""), "en", "light.bed_light", "on", "Turned on the light"),
        ("turn off the lights in the galley", "en", "light.kitchen_lights", "off", "Turned off the lights"),
        ("switch the kitchen lights on", "en", "light.kitchen_lights", "on", "Turned on the lights"),
        ("close the hall window", "en", "cover.hall_window", "closing", "Closed the cover"),
        ("Schalte Bed Light aus", "de", "light.bed_light", "off", "Licht ausgeschaltet"),
        ("mach das Licht in der Galley an", "de-CH", "light.kitchen_lights", "on", "Lichter eingeschaltet"),
    ],
)
def test_a_sentence_does_what_it_says(
    server: HomeServer, text: str, language: str, entity_id: str, becomes: str, answer: str
) -> None:
    """By name, alias or area, in either language."""
    said = say(server, text, language=language)

    assert (said["response_type"], spoken(said), said["language"]) == ("action_done", answer, language)
    assert state(server, entity_id) == becomes
    assert entity_id in [each["id"] for each in said["data"]["success"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xyzzy", "no_intent_match"),
        ("turn on the nothing", "no_valid_targets"),
        ("turn on the lights in the cellar", "no_valid_targets"),
        ("turn on basement floor wet", "no_valid_targets"),
        ("", "no_intent_match"),
    ],
)
def test_what_cannot_be_done_is_said(server: HomeServer, text: str, code: str) -> None:
    """Not understood, not there, not exposed."""
    said = say(server, text)

    assert (said["response_type"], said["data"]) == ("error", {"code": code})
    assert spoken(said)


def test_sentences_trigger_automations_which_may_answer(server: HomeServer) -> None:
    """They come before what the agent understands itself."""
    until(lambda: sentence_triggers(server.home).sentences())
    with server.websocket() as client:
        listed = client.command("conversation/sentences/list")["result"]["trigger_sentences"]
        assert listed == ["[it is] party time [for] {who}", "movie night"]
    assert spoken(say(server, "It is party time for Ann!")) == "Cheers, Ann"
    assert spoken(say(server, "movie night")) == "Done"


def test_a_home_has_sentences_and_intents_of_its_own(server: HomeServer) -> None:
    """From its files; what is wrong there is named and left out."""
    server.rest("POST", "/api/services/light/turn_off", {"entity_id": "light.ceiling_lights"})
    assert spoken(say(server, "Dinner for four people")) == "Set for four"
    assert state(server, "light.ceiling_lights") == "on"
    assert spoken(say(server, "let us eat", language="fr")) == "Set for all"
    done = server.rest("POST", "/api/intent/handle", {"name": "Dinner", "data": {"count": 2}}).json()
    assert (done["response_type"], done["speech"]["plain"]["speech"]) == ("action_done", "Set for 2")
    for name in ("Failing", "Wrong"):
        assert server.rest("POST", "/api/intent/handle", {"name": name}).status_code == 500
    problems = [each.path for each in server.home.shared["config_problems"]]
    assert {"intent_script.Wrong", "conversation.Broken"} <= set(problems)
    assert server.rest("POST", "/api/services/intent_script/reload", {}).status_code == 200
    assert spoken(say(server, "dinner for 2")) == "Set for 2"


def test_questions_are_answered(server: HomeServer) -> None:
    """About states, counts, temperature, time."""
    say(server, "set bed light to 40 percent")
    assert spoken(say(server, "is bed light on")) == "Yes"
    assert spoken(say(server, "is bed light off?")) == "No, Bed Light is on"
    lit = sum(each.state == "on" for each in server.home.states.domain("light"))
    assert spoken(say(server, "how many lights are on")) == str(lit)
    assert spoken(say(server, "what is the state of outside temperature")).startswith("Outside Temperature is 15.6")
    assert spoken(say(server, "how warm is it")).startswith("It is ")
    assert spoken(say(server, "what time is it")).startswith("It is ")
    brightness = server.home.states.get("light.bed_light")
    assert brightness is not None and brightness.attributes["brightness"] == 102


def test_things_are_put_on_lists_and_ticked_off(server: HomeServer) -> None:
    """With the letters as they were said."""
    assert spoken(say(server, "add Oat Milk to the shopping list")) == "Added Oat Milk"
    assert spoken(say(server, "tick off oat milk from the shopping list")) == "Ticked off oat milk"
    assert server.rest("GET", "/api/shopping_list").json()[0] | {"id": ""} == {
        "name": "Oat Milk", "id": "", "complete": True
    }  # fmt: skip
    assert say(server, "tick off bread from the shopping list")["data"] == {"code": "failed_to_handle"}


def test_an_entity_that_is_not_exposed_is_not_touched_by_sentences(server: HomeServer) -> None:
    """An intent over REST may: it comes from a program, not from a voice."""
    server.home.registries.exposure.expose(["conversation"], ["switch.ac"], False)
    assert say(server, "turn off ac")["data"] == {"code": "no_valid_targets"}
    done = server.rest("POST", "/api/intent/handle", {"name": "HassTurnOff", "data": {"name": "AC"}})
    assert (done.status_code, state(server, "switch.ac")) == (200, "off")


@pytest.mark.parametrize(
    "body",
    [{"name": "Nope"}, {"name": "HassTurnOn"}, {"name": "HassTurnOn", "data": {"name": []}}, {"name": "HassLightSet"},
     {"name": "HassLightSet", "data": {"name": "Bed Light", "brightness": "x"}},
     {"name": "HassSetPosition", "data": {"name": "Hall Window", "position": 400}},
     {"name": "HassListAddItem", "data": {"item": ""}}],
)  # fmt: skip
def test_an_intent_that_makes_no_sense_fails_as_clients_know_it(server: HomeServer, body: dict[str, Any]) -> None:
    """With a 500 and its usual text."""
    reply = server.rest("POST", "/api/intent/handle", body)

    assert (reply.status_code, reply.text[:25]) == (500, "500 Internal Server Error")


def test_readers_do_not_command_the_house(server: HomeServer) -> None:
    """Neither by sentence nor by intent nor by pipeline."""
    for path, body in (("conversation/process", {"text": "turn on ac"}), ("intent/handle", {"name": "HassNevermind"})):
        assert server.rest("POST", f"/api/{path}", body, token=server.reader_token).status_code == 401
    with server.websocket(server.reader_token) as client:
        run = {"start_stage": "intent", "end_stage": "intent", "input": {"text": "turn on ac"}}
        assert client.command("assist_pipeline/run", **run)["error"]["code"] == "unauthorized"


def test_a_pipeline_understands_and_speaks(server: HomeServer) -> None:
    """Its events in order; what it said can be heard; without ears it says so."""
    with server.websocket() as client:
        first = client.command("assist_pipeline/pipeline/list")["result"]["pipelines"][0]
        fields = {key: value for key, value in first.items() if key != "id"}
        voiced = client.command(
            "assist_pipeline/pipeline/create", **{**fields, "name": "Voice", "tts_engine": "demo", "tts_language": "en"}
        )["result"]
        run = client.command(
            "assist_pipeline/run", start_stage="intent", end_stage="tts", input={"text": "what time is it"},
            pipeline=voiced["id"], conversation_id="mine",
        )["id"]  # fmt: skip
        events = [client.event(run) for _ in range(6)]
        assert [each["type"] for each in events] == [
            "run-start", "intent-start", "intent-end", "tts-start", "tts-end", "run-end"
        ]  # fmt: skip
        assert events[2]["data"]["intent_output"]["conversation_id"] == "mine"
        sound = server.rest("GET", events[4]["data"]["tts_output"]["url"], token=None)
        assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
        for more, code in (
            ({"start_stage": "stt", "end_stage": "intent", "input": {"sample_rate": 16000}}, "validation-error"),
            ({"start_stage": "intent", "end_stage": "tts", "input": {"text": "x"}}, "validation-error"),
            ({"start_stage": "intent", "end_stage": "intent"}, "invalid_format"),
            ({"start_stage": "intent", "end_stage": "intent", "input": {"text": "x"}, "pipeline": "no"},
             "pipeline-not-found"),
        ):  # fmt: skip
            assert client.command("assist_pipeline/run", **more)["error"]["code"] == code
        assert client.command("assist_pipeline/pipeline/delete", pipeline_id=voiced["id"])["success"]


def test_an_engine_listens_to_the_sound_it_understands(server: HomeServer) -> None:
    """And refuses other sound."""
    good = "format=wav; codec=pcm; sample_rate=16000; bit_rate=16; channel=2; language=en"
    for header, status in ((None, 400), ("x", 400), (good.replace("en", "xx"), 415), (good, 200)):
        headers = {} if header is None else {"X-Speech-Content": header}
        reply = server.rest("POST", "/api/stt/stt.demo_stt", b"RIFF", headers=headers)
        assert reply.status_code == status
    assert reply.json() == {"text": "turn on the kitchen lights", "result": "success"}
