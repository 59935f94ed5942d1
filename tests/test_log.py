"""Log lines: format, levels at run time, the standard library led in, secrets kept out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from marge import log
from marge.redact import HIDDEN, redact_text, redact_value


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Logging as JSON into memory; what was configured before comes back."""
    before = structlog.get_config()
    stream = io.StringIO()
    log.configure("info", "json", stream=stream)
    yield stream
    log.configure("info", "json")
    structlog.configure(**before)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, log.StandardLibraryHandler)]:
        root.removeHandler(handler)
    root.setLevel(logging.WARNING)


def parsed(stream: io.StringIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_has_time_level_logger_event_and_values(lines: io.StringIO) -> None:
    """One JSON object a line."""
    structlog.get_logger("marge.test").info("door opened", entity_id="lock.front")

    (line,) = parsed(lines)
    assert line.pop("timestamp")
    assert line == {"event": "door opened", "level": "info", "logger": "marge.test", "entity_id": "lock.front"}


def test_levels_follow_names_and_change_at_run_time(lines: io.StringIO) -> None:
    """A logger that is already in use obeys at once; the longest name counts."""
    logger = structlog.get_logger("marge.bridges.mqtt")
    logger.debug("one")
    log.set_level("marge.bridges", "debug")
    logger.debug("two")
    log.set_level("marge.bridges.mqtt", "error")
    logger.warning("three")
    log.set_level("", "debug")
    structlog.get_logger("marge.else").debug("four")

    assert [line["event"] for line in parsed(lines)] == ["two", "four"]
    assert log.get_level("marge.bridges") == logging.DEBUG


def test_home_assistants_logger_names_mean_ours(lines: io.StringIO) -> None:
    """A user's `logger:` section keeps working."""
    log.set_level("homeassistant.components.mqtt", "debug")

    structlog.get_logger("marge.bridges.mqtt").debug("seen")
    structlog.get_logger("marge.http").debug("not seen")

    assert [line["event"] for line in parsed(lines)] == ["seen"]


def test_an_integrations_level_is_its_own(lines: io.StringIO) -> None:
    """Whatever part of the server speaks for it; the others stay as they are."""
    log.set_level("homeassistant.components.sun.sensor", "debug")

    structlog.get_logger("marge.domains.sun").debug("seen")
    structlog.get_logger("marge.integrations.sun").debug("seen too")
    structlog.get_logger("marge.domains.light").debug("not seen")

    assert [line["event"] for line in parsed(lines)] == ["seen", "seen too"]


def test_configuring_again_reaches_loggers_in_use(lines: io.StringIO) -> None:
    """Modules keep their logger for ever."""
    logger = structlog.get_logger("marge.kept")
    logger.info("first")
    second = io.StringIO()
    log.configure("error", "text", stream=second)
    logger.info("filtered")
    logger.error("oops", n=1)

    assert len(parsed(lines)) == 1
    assert "oops" in second.getvalue() and "filtered" not in second.getvalue()
    assert not second.getvalue().startswith("{")


def test_standard_library_loggers_are_led_in(lines: io.StringIO) -> None:
    """With their name, level, arguments and traceback, and the same levels."""
    logger = logging.getLogger("somelibrary.part")
    logger.debug("not seen")
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("failed for %s", "x")
    log.set_level("somelibrary", "critical")
    logger.error("not seen either")

    (line,) = parsed(lines)
    assert (line["event"], line["level"], line["logger"]) == ("failed for x", "error", "somelibrary.part")
    assert "ValueError: broken" in str(line["exception"])


def test_exceptions_are_shown_with_their_traceback(lines: io.StringIO) -> None:
    """`exception()` and an exception object as `exc_info`."""
    logger = structlog.get_logger("marge.test")
    try:
        raise RuntimeError("token=abc")
    except RuntimeError as error:
        logger.exception("caught")
        kept = error
    logger.error("later", exc_info=kept)

    assert all("RuntimeError" in str(line["exception"]) for line in parsed(lines))


def test_what_json_cannot_hold_is_logged_anyway(lines: io.StringIO) -> None:
    """Objects, huge numbers, lone surrogates, keys that are no text."""
    structlog.get_logger("marge.test").info("odd", a=object(), b=2**80, c="\ud800", d={1: {2, 3}}, e=b"\xff")

    assert len(parsed(lines)) == 1


def test_a_closed_stream_hurts_nobody() -> None:
    """Standard error may be gone."""
    stream = io.StringIO()
    sink = log.Sink("x", 0, stream)
    stream.close()

    sink.write("line")


SECRETS = {
    "token": "abc",
    "access_token": "abc",
    "refresh-token": "abc",
    "password": "abc",
    "mqtt_password": "abc",
    "Authorization": "Bearer x",
    "api_key": "abc",
    "pin": 1234,
    "code": "1234",
    "secret": ["abc"],
}


@pytest.mark.parametrize("key", SECRETS)
def test_values_under_telling_keys_are_hidden(key: str) -> None:
    """Also inside mappings."""
    assert redact_value(key, SECRETS[key]) == HIDDEN
    assert redact_value("data", {key: SECRETS[key], "other": 1}) == {key: HIDDEN, "other": 1}


@pytest.mark.parametrize(
    ("key", "value"),
    [("exit_code", 70), ("code", 1009), ("tokens", 4), ("token_id", "tok_1"), ("password", None), ("secret", True)],
)
def test_harmless_values_stay(key: str, value: object) -> None:
    """A log without figures helps nobody."""
    assert redact_value(key, value) == value


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer HIDDENHIDDEN",
        "got marge_" + "0123456789abcdef" * 2,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJIIDDEN.HIDDEN-sig",
        "mqtt://user:HIDDEN@host:1883/x",
        "GET /api/camera?authSig=HIDDEN&x=1",
        '{"access_token": "HIDDEN"}',
    ],
)
def test_shapes_of_secrets_are_hidden_in_any_text(text: str) -> None:
    """In messages, tracebacks and values alike."""
    hidden = redact_text(text)

    assert HIDDEN in hidden
    assert "HIDDEN" not in hidden.replace(HIDDEN, "") and "0123456789abcdef" not in hidden and "eyJzdWI" not in hidden


def test_redaction_reaches_events_and_exceptions(lines: io.StringIO) -> None:
    """The processor sees everything that is written."""
    try:
        raise ValueError("connect mqtt://me:HIDDEN@host failed")
    except ValueError:
        structlog.get_logger("marge.test").exception("sent Bearer HIDDENHIDDEN", headers={"Authorization": "HIDDEN"})

    assert "HIDDEN" not in lines.getvalue()


@given(st.text(max_size=300))
def test_redacting_any_text_ends_and_twice_is_once(text: str) -> None:
    """No pathological patterns."""
    once = redact_text(text)
    assert redact_text(once) == once
