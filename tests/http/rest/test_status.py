"""What the server says of itself, and the files it would start with next time."""

from __future__ import annotations

import os
import subprocess
import sys

from marge.app import Running
from marge.http.rest.status import describe_config
from tests.support.home import HomeServer, home_server


def test_check_config_reads_the_files_as_they_are_now() -> None:
    """A mistake made after the start is found, with its place; taking it back makes the files valid again."""
    with home_server("input_boolean: {guest: {}}\n") as server:
        file = server.running.config.config_dir / "configuration.yaml"
        valid = server.rest("POST", "/api/config/core/check_config").json()
        file.write_text("input_boolean:\n  guest: [\n", "utf-8")
        broken = server.rest("POST", "/api/config/core/check_config").json()

        assert valid == {"result": "valid", "errors": None, "warnings": None}
        assert broken["result"] == "invalid"
        assert "configuration.yaml" in broken["errors"]


def test_components_name_what_is_loaded(server: HomeServer) -> None:
    """Sorted, without doubles; sections of the configuration and subsystems are among them."""
    found = server.rest("GET", "/api/components").json()

    assert found == sorted(set(found))
    assert {"api", "websocket_api", "input_boolean", "homeassistant", "automation"} <= set(found)


def test_events_are_listed_with_their_listeners(server: HomeServer) -> None:
    """A subscriber counts, and no longer when it is gone."""

    def count() -> int:
        listed = server.rest("GET", "/api/events").json()
        return sum(each["listener_count"] for each in listed if each["event"] == "my_event")

    with server.websocket() as client:
        client.command("subscribe_events", event_type="my_event")
        assert count() == 1
        client.command("unsubscribe_events", subscription=1)
        assert count() == 0


def test_a_token_from_the_command_line_works_with_the_first_request() -> None:
    """`marge token create` in a process of its own; the server has just looked and still lets it in."""
    with home_server() as server:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MARGE_")}
        config_dir = str(server.running.config.config_dir)
        made = subprocess.run(
            [sys.executable, "-m", "marge", "token", "create", "a script", "--config", config_dir],
            env=environment, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        server.rest("GET", "/api/", token="marge_" + "0" * 32)
        reply = server.rest("GET", "/api/", token=made.stdout.split()[-1])

    assert reply.status_code == 200


def test_clients_that_came_early_learn_when_the_home_has_started() -> None:
    """The settings say how far it is, and `core_config_updated` says when to ask for them again."""
    seen: list[tuple[str, str]] = []

    def listen(running: Running) -> None:
        for event_type in ("core_config_updated", "homeassistant_start", "homeassistant_started", "homeassistant_stop"):
            running.system.bus.subscribe(
                lambda event: seen.append((event.event_type, str(describe_config(running.home)["state"]))), event_type
            )

    with home_server("", prepare=listen) as server:
        state = server.rest("GET", "/api/core/state").json()["state"]
        health = server.rest("GET", "/api/health").json()["core"]["state"]

    assert (state, health) == ("RUNNING", "RUNNING")
    assert seen == [
        ("core_config_updated", "STARTING"), ("homeassistant_start", "STARTING"),
        ("core_config_updated", "RUNNING"), ("homeassistant_started", "RUNNING"),
        ("homeassistant_stop", "STOPPING"),
    ]  # fmt: skip
