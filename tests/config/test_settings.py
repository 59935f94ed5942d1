"""Marge's own settings: spellings, precedence, what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from marge.config import SETTINGS, MargeSettings
from tests.config.conftest import Load, found


def test_defaults_of_an_empty_home(load: Load, tmp_path: Path) -> None:
    """No file at all: authentication on, HA's port, a broker for this machine only."""
    home = load({})

    assert home.problems == ()
    assert home.marge == MargeSettings(db_path=tmp_path / "marge.db")
    assert (home.marge.http_port, home.marge.auth_mode, home.marge.profile) == (8123, "required", "ha")
    assert home.marge.mqtt_host == "127.0.0.1"


@pytest.mark.parametrize(
    "text",
    [
        "marge:\n  compat: {profile: native}\n  auth:\n    mode: open\n  http:\n    host: localhost\n    port: 9000\n",
        "marge:\n  profile: native\n  auth_mode: open\n  http_host: localhost\n  http_port: 9000\n",
    ],
)
def test_flat_and_nested_spellings_mean_the_same(load: Load, text: str) -> None:
    """Both are documented."""
    home = load({"configuration.yaml": text})

    settings = home.marge
    assert (settings.profile, settings.auth_mode, settings.http_port) == ("native", "open", 9000)
    assert home.problems == ()


def test_environment_beats_block_beats_home_assistants_sections(load: Load, tmp_path: Path) -> None:
    """The first source that says something counts."""
    files = {
        "configuration.yaml": (
            "http:\n  server_port: 1111\n  server_host: [127.0.0.1]\n"
            "recorder:\n  purge_keep_days: 3\n  commit_interval: 5\n"
            "marge:\n  http_port: 2222\n  db_path: data/m.db\n"
        )
    }

    assert load(files).marge.http_port == 2222
    home = load(files, MARGE_HTTP_PORT="3333", MARGE_DB_PATH="/data/marge.db", MARGE_HISTORY_DAYS="30")

    assert home.marge.http_port == 3333
    assert home.marge.http_host == "127.0.0.1"
    assert home.marge.db_path == Path("/data/marge.db")
    assert home.marge.history_days == 30
    assert home.marge.commit_interval_s == 5.0
    assert load(files).marge.db_path == tmp_path / "data/m.db"
    assert load(files).marge.history_days == 3


def test_unknown_key_names_line_and_nearest(load: Load) -> None:
    """Top level, below `marge:`, below a group of it, below `homeassistant:`."""
    home = load(
        {
            "configuration.yaml": (
                "homeassistant:\n  nam: X\nautomatoin: []\n"
                "marge:\n  http_prt: 1\n  http:\n    prt: 2\n  http_port: 8200\n"
            )
        }
    )

    assert found(home) == [
        ("error", "configuration.yaml", 3),
        ("error", "configuration.yaml", 5),
        ("error", "configuration.yaml", 7),
        ("error", "configuration.yaml", 2),
    ]
    hints = [problem.hint for problem in home.problems]
    assert hints[0] == "did you mean `automation`?"
    assert hints[1] == "did you mean `http_port`?"
    assert hints[2] == "did you mean `http.port`?"
    assert hints[3] == "did you mean `name`?"
    assert home.marge.http_port == 8200


def test_home_assistants_other_sections_are_said_to_be_unsupported(load: Load) -> None:
    """A warning, not an `unknown key`."""
    home = load({"configuration.yaml": "homekit:\n  name: x\n"})

    assert [(p.severity, "not supported" in p.message) for p in home.problems] == [("warning", True)]


def test_wrong_port_in_a_variable_is_fatal_and_names_it(load: Load) -> None:
    """One clear line."""
    home = load({}, MARGE_HTTP_PORT="eighty")

    (problem,) = home.fatal
    assert str(problem) == "environment: MARGE_HTTP_PORT is 'eighty'; it wants a port number from 1 to 65535"


@pytest.mark.parametrize("value", ["0", "65536", "-1", "1.5", "", "true"])
def test_ports_are_checked(load: Load, value: str) -> None:
    """An empty variable counts as not set."""
    home = load({}, MARGE_MQTT_PORT=value)

    assert bool(home.fatal) == (value != "")


def test_wrong_retention_deletes_nothing(load: Load) -> None:
    """The default would purge what the user meant to keep."""
    home = load({}, MARGE_HISTORY_DAYS="a year")

    assert home.marge.history_days == 0
    assert home.fatal == ()
    assert "MARGE_HISTORY_DAYS" in home.problems[0].message


def test_open_mode_is_refused_where_others_can_reach_it(load: Load) -> None:
    """Loopback or an explicit word."""
    assert load({}, MARGE_AUTH_MODE="open").fatal
    assert not load({}, MARGE_AUTH_MODE="open", MARGE_HTTP_HOST="127.0.0.1").fatal
    assert not load({}, MARGE_AUTH_MODE="open", MARGE_HTTP_HOST="::1").fatal
    allowed = load({"configuration.yaml": "marge:\n  auth: {mode: open, allow_open: true}\n"})
    assert not allowed.fatal and allowed.marge.auth_mode == "open"


def test_wrong_auth_mode_keeps_authentication_on(load: Load) -> None:
    """An error, and the safe side."""
    home = load({}, MARGE_AUTH_MODE="opn")

    assert home.marge.auth_mode == "required"
    assert [p.severity for p in home.problems] == ["error"]


def test_secrets_do_not_show(load: Load) -> None:
    """Neither in findings nor in the settings' text."""
    home = load(
        {"configuration.yaml": "marge:\n  auth:\n    token: [hidden-a]\n  broker:\n    password: hidden-b\n"},
        MARGE_AUTH_TOKEN="hidden-c",
    )

    assert home.marge.auth_token == "hidden-c"
    assert home.marge.broker_password == "hidden-b"
    assert "hidden" not in repr(home.marge) + str(home.problems)


def test_unresolved_password_is_reported_and_unset(load: Load) -> None:
    """A missing secret never becomes the text of a marker."""
    home = load({"configuration.yaml": "marge:\n  broker: {kind: external, host: b, password: !secret no}\n"})

    assert home.marge.broker == "external"
    assert home.marge.broker_password is None
    assert len(home.problems) == 2


def test_unknown_variable_warns_with_the_nearest(load: Load) -> None:
    """Typos in unit files and compose files."""
    home = load({}, MARGE_HTTP_PROT="1", MARGE_TOKEN="x", OTHER="y")

    (problem,) = home.problems
    assert problem.severity == "warning"
    assert problem.hint == "did you mean MARGE_HTTP_PORT?"


def test_broker_as_word_and_as_block(load: Load) -> None:
    """`broker: amqtt`, or a block with `kind`."""
    assert load({"configuration.yaml": "marge:\n  broker: amqtt\n"}).marge.broker == "amqtt"
    block = load({"configuration.yaml": "marge:\n  mqtt:\n    broker: {kind: external, host: b.example, port: 8883}\n"})
    assert (block.marge.broker, block.marge.broker_host, block.marge.broker_port) == ("external", "b.example", 8883)
    assert block.problems == ()


def test_external_broker_needs_a_host(load: Load) -> None:
    """Said before anything tries to connect."""
    home = load({"configuration.yaml": "marge:\n  broker: external\n"})

    assert "broker: host" in home.problems[0].message


def test_auto_purge_off_keeps_everything_unless_marge_is_told_otherwise(load: Load) -> None:
    """HA's words; Marge's own are stronger."""
    off = "recorder:\n  auto_purge: false\n  purge_keep_days: 5\n"

    assert load({"configuration.yaml": off}).marge.history_days == 0
    assert load({"configuration.yaml": off + "marge:\n  history_days: 7\n"}).marge.history_days == 7
    assert load({"configuration.yaml": off.replace("false", "true")}).marge.history_days == 5


def test_keys_of_home_assistants_sections_are_checked(load: Load) -> None:
    """Unknown ones, harmless ones without effect, and those whose missing effect somebody must know."""
    text = "http:\n  server_prt: 1\n  base_url: x\nrecorder:\n  db_url: mysql\n"
    home = load({"configuration.yaml": text})

    assert found(home) == [
        ("error", "configuration.yaml", 2),
        ("warning", "configuration.yaml", 3),
        ("error", "configuration.yaml", 5),
    ]
    assert home.problems[0].hint == "did you mean `server_port`?"


def test_virtual_entities(load: Load) -> None:
    """State and attributes; an unquoted on/off is meant as the word."""
    home = load(
        {
            "configuration.yaml": (
                "marge:\n  virtual_entities:\n    light.a:\n      state: on\n      attributes: {brightness: 3}\n"
                "    sensor.b: {state: 4.5}\n    button.c:\n      press_event: pressed\n"
            )
        }
    )

    seeds = home.marge.virtual_entities
    assert (seeds["light.a"].state, dict(seeds["light.a"].attributes)) == ("on", {"brightness": 3})
    assert seeds["sensor.b"].state == "4.5"
    assert (seeds["button.c"].state, seeds["button.c"].press_event) == ("unknown", "pressed")
    assert home.problems == ()


def test_wrong_virtual_entity_names_entity_and_line(load: Load) -> None:
    """The rest of the home starts."""
    home = load({"configuration.yaml": "marge:\n  http_port: 8200\n  virtual_entities:\n    not an id: {}\n"})

    assert "'not an id'" in home.problems[0].message and "configuration.yaml:4" in home.problems[0].message
    assert home.marge.http_port == 8200


def test_automations_path_replaces_the_section(load: Load, tmp_path: Path) -> None:
    """As the variable says, whatever the main file includes."""
    home = load(
        {"configuration.yaml": "automation:\n  - alias: Old\n", "elsewhere.yaml": "- alias: New\n"},
        MARGE_AUTOMATIONS_PATH=str(tmp_path / "elsewhere.yaml"),
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["New"]


def test_log_levels(load: Load) -> None:
    """HA's `logger:` section; a wrong level is named."""
    home = load({"configuration.yaml": "logger:\n  default: WARNING\n  logs:\n    marge.http: debug\n    x: loud\n"})

    assert home.marge.log_level == "warning"
    assert home.marge.log_levels == {"marge.http": "debug"}
    assert found(home) == [("error", "configuration.yaml", 5)]


def test_every_setting_and_variable_is_documented() -> None:
    """The page names each key's first spelling and each variable."""
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()

    missing = [s.name for s in SETTINGS if f"`{s.keys[0]}`" not in page or (s.env and f"`{s.env}`" not in page)]
    assert missing == []


@pytest.mark.parametrize(
    "url", ["http://localhost:5580/ws", "ws://", "ws://:5580/ws", "ws://host:99999/ws", "ws://u:p@host/ws", "5580"]
)
def test_a_matter_server_is_named_by_a_websockets_url(load: Load, url: str) -> None:
    """Anything else is said, and nothing is tried."""
    home = load({}, MATTER_WS_URL=url)

    assert home.marge.matter_url is None
    assert "ws://localhost:5580/ws" in str(home.problems)


def test_where_the_matter_server_is_stands_in_the_files_or_the_environment(load: Load) -> None:
    """The environment is the stronger one."""
    files = {"configuration.yaml": "marge: {matter: {url: 'ws://a:1/ws'}, weather: true}"}

    assert load(files).marge.matter_url == "ws://a:1/ws"
    assert load(files, MATTER_WS_URL="wss://b/ws").marge.matter_url == "wss://b/ws"
    assert load(files).marge.weather is True
