from __future__ import annotations

import pytest
import voluptuous as vol
from structlog.testing import capture_logs

from marge.automations.loading_scripts import load_scripts
from marge.errors import HomeError, ServiceNotFound
from tests.automations.world import world


def home(**scripts):
    return world({"input_boolean": {"a": None}, "script": scripts})


def test_a_script_is_a_service_with_its_fields():
    """Clients see `script.<id>` with fields and a response; calling it gives the response back."""
    greet = {
        "alias": "Greet", "description": "Says hello.", "fields": {"name": {"description": "Who", "required": True}},
        "sequence": [{"variables": {"r": {"text": "hello {{ name }}"}}}, {"stop": "", "response_variable": "r"}],
    }
    with home(greet=greet) as made:
        described = made.home.services.describe()["script"]["greet"]
        result = made.call("script.greet", {"name": "Bob"}, return_response=True).get(timeout=60)

        assert described["name"] == "Greet"
        assert described["description"] == "Says hello."
        assert described["fields"]["name"]["description"] == "Who"
        assert described["response"] == {"optional": True}
        assert result.response == {"text": "hello Bob"}


def test_calling_a_script_waits_for_it_and_turn_on_does_not():
    """`script.slow` returns at its end, `script.turn_on` once it waits."""
    slow = {"sequence": [{"delay": 5}, {"event": "end"}]}
    with home(slow=slow) as made:
        called = made.call("script.slow")
        turned_on = made.call("script.turn_on", {"entity_id": "script.slow"})

        assert turned_on.ready()
        assert not called.ready()
        made.advance(6)
        assert called.ready()
        assert len(made.of_type("end")) == 1


def test_an_error_inside_reaches_the_caller():
    """The service that failed inside the script fails the call of the script."""
    with home(bad={"sequence": [{"action": "light.nosuch"}]}) as made:
        error = made.call("script.bad").get(timeout=60)

        assert isinstance(error, ServiceNotFound)


def test_a_response_must_be_a_mapping():
    """As HA: anything else is an error."""
    with home(five={"sequence": [{"variables": {"r": 5}}, {"stop": "", "response_variable": "r"}]}) as made:
        error = made.call("script.five", return_response=True).get(timeout=60)

        assert isinstance(error, HomeError)
        assert "expected a dictionary" in str(error)


@pytest.mark.parametrize("mode", ["single", "restart", "queued", "parallel"])
def test_a_script_that_calls_itself_ends(mode):
    """Recursion is refused, or limited by `max`; nothing waits for itself for ever."""
    recursive = {"mode": mode, "sequence": [{"event": "r"}, {"action": "script.again"}, {"event": "end"}]}
    if mode in ("queued", "parallel"):
        recursive["max"] = 3
    with home(again=recursive) as made:
        called = made.call("script.again")
        made.advance(5)

        assert called.ready()
        assert made.state("script.again") == "off"
        assert len(made.of_type("r")) <= 3


def test_two_scripts_that_call_each_other_end():
    """The same over two scripts, where each would wait for the other."""
    one = {"mode": "queued", "sequence": [{"action": "script.two"}]}
    two = {"mode": "queued", "sequence": [{"action": "script.one"}]}
    with home(one=one, two=two) as made:
        called = made.call("script.one")
        made.advance(5)

        assert called.ready()
        assert made.state("script.one") == made.state("script.two") == "off"


def test_reload_changes_only_what_changed():
    """A running script that did not change runs on; a gone one loses its service; a broken one is named."""
    slow = {"sequence": [{"delay": 5}, {"event": "end"}]}
    with home(slow=slow, gone={"sequence": []}) as made, capture_logs() as logs:
        made.call("script.turn_on", {"entity_id": "script.slow"})
        fresh, bad = {"sequence": [{"event": "fresh"}]}, {"sequence": [{"x": 1}]}
        load_scripts(made.home, {"slow": slow, "fresh": fresh, "bad": bad})
        made.settle()
        made.call("script.fresh")
        made.advance(6)

        assert len(made.of_type("end")) == 1
        assert len(made.of_type("fresh")) == 1
        assert made.state("script.gone") is None
        assert not made.home.services.has("script", "gone")
        assert made.state("script.bad") is None
    assert any(entry.get("script") == "script.bad" for entry in logs)


def test_turn_on_refuses_wrong_variables():
    """The schema of the service, not the script, refuses."""
    with home(any={"sequence": []}) as made:
        error = made.call("script.turn_on", {"entity_id": "script.any", "variables": 5}).get(timeout=60)

        assert isinstance(error, vol.Invalid)
