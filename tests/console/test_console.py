"""The console over WebSocket: overview, one actor, actions with their audit log, dead letters. Owners only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from marge.actors import Backoff, ChildSpec
from marge.actors.metering import Switch
from marge.actors.runtime import Actor
from marge.console import console_of
from marge.log import Sinks
from tests.console.dummies import Asking, Counting, Stubborn
from tests.support.home import HomeServer, WebSocketClient
from tests.support.waiting import until

SLOW = Backoff(pauses_s=(600.0,), max_restarts=10)
OWNERS_COMMANDS: dict[str, dict[str, Any]] = {
    "marge/console/subscribe": {}, "marge/console/children": {}, "marge/console/actor": {"path": "/clock"},
    "marge/console/act": {"path": "/bridges/a", "action": "restart"}, "marge/console/waits": {},
    "marge/console/dead_letters": {}, "marge/console/dead_letter": {"number": 1},
    "marge/console/dead_letters/resend": {"number": 1}, "marge/console/dead_letters/clear": {},
    "marge/console/audit": {},
}  # fmt: skip


@pytest.fixture
def owner(server: HomeServer) -> Iterator[WebSocketClient]:
    with server.websocket() as client:
        yield client


def spawn(server: HomeServer, name: str, actor_class: type[Actor] = Counting, **more: Any) -> str:
    path = f"/bridges/{name}"
    if server.home.system.ref(path) is None:
        server.home.system.spawn(ChildSpec(name, actor_class, **more), "/bridges")
    server.wait()
    return path


def ask(client: WebSocketClient, kind: str, **fields: Any) -> Any:
    reply = client.command(f"marge/console/{kind}", **fields)
    assert reply["success"], reply
    return reply["result"]


def refused(client: WebSocketClient, kind: str, **fields: Any) -> dict[str, Any]:
    reply = client.command(f"marge/console/{kind}", **fields)
    assert not reply["success"], reply
    return dict(reply["error"])


def act(client: WebSocketClient, path: str, action: str, **more: Any) -> str:
    return str(ask(client, "act", path=path, action=action, **more)["text"])


# -- who may -----------------------------------------------------------------------------------------------------------


def test_the_console_is_for_owners(server):
    """Everybody else is refused, whatever they ask for, and nothing happens."""
    before = console_of(server.home).audit.entries()["total"]
    for token in (server.user_token, server.reader_token):
        with server.websocket(token) as client:
            for name, fields in OWNERS_COMMANDS.items():
                reply = client.command(name, **fields)
                assert reply["error"]["code"] == "unauthorized", name
    for path in ("/api/console/actors", "/api/console/audit", "/api/console/waits", "/api/console/dead_letters"):
        assert server.rest("GET", path, token=server.user_token).status_code == 401
    assert console_of(server.home).audit.entries()["total"] == before


def test_an_administrator_who_is_no_owner_is_refused(server):
    """The console can stop the house; that is the owner's alone."""
    store = server.auth
    user = store.create_user("Second", "second", "correct horse battery staple", "system-admin")
    token = store.create_long_lived(user, "second")[0]
    with server.websocket(token) as client:
        assert refused(client, "waits")["code"] == "unauthorized"
    assert server.rest("GET", "/api/console/audit", token=token).status_code == 401


# -- the overview ------------------------------------------------------------------------------------------------------


def test_the_overview_comes_by_itself_and_groups_actors(server, owner):
    """Groups by class and domain, the hub's seconds, the flow; what happens shows in the next second."""
    owner.command("marge/console/subscribe")
    number = owner.last_id
    first = owner.event(number)

    groups = {row["key"]: row for row in first["groups"]}
    assert groups["input_boolean EntityActor"]["count"] == 3
    assert groups["input_boolean EntityActor"]["path"] == "/entities"
    assert first["totals"]["states"]["running"] == sum(row["states"].get("running", 0) for row in first["groups"])
    assert 0 <= first["hub"]["headroom"] <= 1
    assert {"bus", "entities", "automations"} <= set(first["flow"]["nodes"])
    until(lambda: owner.event(number)["hub"]["seconds"])

    def switched() -> bool:
        for service in ("turn_on", "turn_off"):
            server.rest("POST", f"/api/services/input_boolean/{service}", {"entity_id": "input_boolean.guest"})
        told = owner.event(number)
        kinds = {(row["class"], row["type"]) for row in told["types"]}
        edges = {(edge["from"], edge["to"]) for edge in told["flow"]["edges"]}
        return ("EntityActor", "RunCommand") in kinds and {("services", "entities"), ("entities", "bus")} <= edges

    until(switched)


def test_it_is_made_once_for_all_and_costs_nothing_when_nobody_looks(server):
    """Both viewers get the same overview; after the last one nothing is measured."""
    viewers = console_of(server.home).viewers
    with server.websocket() as one, server.websocket() as two:
        one.command("marge/console/subscribe")
        two.command("marge/console/subscribe")
        one_number, two_number = one.last_id, two.last_id
        times = {one.event(one_number)["time"] for _ in range(2)}
        assert two.event(two_number)["time"] in times or two.event(two_number)["time"] in times
        assert len(viewers) == 2
        assert isinstance(Actor._trace, Switch)
        one.command("unsubscribe_events", subscription=one_number)
    until(lambda: len(viewers) == 0)

    assert viewers.overview is None
    assert Actor._trace is None


def test_the_guilty_come_first_with_their_countdown_and_failure(server, owner):
    """A child that waits for its restart stands above the busy."""
    path = spawn(server, "guilty", backoff=SLOW)
    server.home.system.tell(path, "boom")
    owner.command("marge/console/subscribe")
    number = owner.last_id

    def row() -> dict[str, Any] | None:
        found = [each for each in owner.event(number)["guilty"] if each["path"] == path]
        return found[0] if found else None

    shown = until(row)
    assert shown["state"] == "restarting"
    assert 0 < shown["countdown_s"] <= 600
    assert shown["last_failure"]["error"].startswith("ValueError: boom")
    server.home.system.remove(path)


# -- lists -------------------------------------------------------------------------------------------------------------


def test_children_are_filtered_and_sorted_on_the_server(owner, server):
    """By path, by group, by a text everywhere; a page at a time."""
    page = ask(owner, "children", path="/entities", sort="name", limit=2)
    assert page["total"] > 2
    assert [row["path"] for row in page["rows"]] == sorted(row["path"] for row in page["rows"])
    after = ask(owner, "children", path="/entities", sort="name", limit=2, offset=2)
    assert not {row["path"] for row in after["rows"]} & {row["path"] for row in page["rows"]}

    group = ask(owner, "children", group="input_boolean EntityActor")
    assert group["total"] == 3
    found = ask(owner, "children", filter="INPUT_boolean.gue")
    assert [row["path"] for row in found["rows"]] == ["/entities/input_boolean.guest"]
    assert refused(owner, "children", path="/nowhere")["code"] == "not_found"
    assert refused(owner, "children", path="/", limit=201)["code"] == "invalid_format"
    assert server.rest("GET", "/api/console/actors?path=/entities&limit=1").json()["total"] == page["total"]


# -- one actor ---------------------------------------------------------------------------------------------------------


def test_an_actor_tells_all_about_itself(owner, server):
    """Figures, subscriptions, timers, logger, memory, start."""
    path = spawn(server, "plain")
    ref = server.home.system.ref(path)
    server.home.bus.subscribe(ref, "something")
    server.home.clock.after(100, ref, ("later",))

    shown = ask(owner, "actor", path=path)

    assert (shown["class"], shown["state"]) == ("Counting", "running")
    assert shown["subscriptions"] == [{"event_type": "something", "key": None}]
    assert 90 < shown["timers"][0]["in_s"] <= 100
    assert shown["logger"]["name"] == "marge.tests.dummies"
    assert shown["memory_bytes"] > 100
    assert shown["since"] <= server.home.clock.now()
    assert refused(owner, "actor", path="/no/such")["code"] == "not_found"


def test_a_death_is_kept_with_its_stack_when_the_actor_is_gone(owner, server):
    """Cause, message, stack and time; tokens in it are hidden."""
    path = spawn(server, "mortal", backoff=SLOW)
    server.home.system.tell(path, "boom")
    server.wait()
    assert server.home.system.remove(path)

    shown = ask(owner, "actor", path=path)

    assert (shown["state"], shown["exists"]) == ("gone", False)
    death = shown["deaths"][0]
    assert death["error"].startswith("ValueError: boom with token=")
    assert "in on_receive" in death["stack"]
    assert death["message"] == "'boom'"
    assert "abcdef0123456789" not in str(ask(owner, "dead_letters"))


def test_a_trace_shows_the_last_messages_and_ends_by_itself(owner, server):
    """Newest first, with the time each took."""
    path = spawn(server, "traced")
    act(owner, path, "trace", seconds=60)
    server.home.system.tell(path, "hello")
    server.wait()

    shown = ask(owner, "actor", path=path)

    assert shown["trace"][0]["message"] == "'hello'"
    assert shown["tracing_until"] > server.home.clock.now()
    act(owner, path, "trace", seconds=0.05)
    until(lambda: not ask(owner, "actor", path=path)["is_tracing"])


# -- actions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor_class", [Counting, Asking])
def test_a_paused_actor_keeps_its_messages_and_goes_on(owner, server, actor_class):
    """Nothing is lost, and the order stays."""
    path = spawn(server, f"paused-{actor_class.__name__.lower()}", actor_class)
    actor = server.home.system.actor(path)
    act(owner, path, "pause")
    for number in range(3):
        server.home.system.tell(path, number)
    server.wait()

    shown = ask(owner, "actor", path=path)
    assert (shown["state"], shown["mailbox"]) == ("paused", 3)
    assert shown["waiting_types"] == {"int": 3}
    assert not actor.taken
    act(owner, path, "resume")
    until(lambda: actor.taken == [0, 1, 2])
    assert "not paused" in refused(owner, "act", path=path, action="resume")["message"]


def test_a_pause_ends_by_itself(owner, server):
    """Nobody has to remember it."""
    path = spawn(server, "short-pause")
    act(owner, path, "pause", seconds=0.05)
    server.home.system.tell(path, "x")

    until(lambda: server.home.system.actor(path).taken == ["x"])


def test_a_paused_actor_can_be_stopped(server, owner):
    """It would never hear of it otherwise."""
    path = spawn(server, "pause-stop")
    act(owner, path, "pause")

    act(owner, path, "stop")

    until(lambda: server.home.system.ref(path) is None)


def test_a_drained_mailbox_is_with_the_dead_letters_and_can_be_sent_again(owner, server):
    """To the living receiver, once."""
    path = spawn(server, "drained")
    act(owner, path, "pause")
    server.home.system.tell(path, ("code", "x"))
    assert act(owner, path, "drain") == "1 waiting message went to the dead letters."
    act(owner, path, "resume")

    row = next(each for each in ask(owner, "dead_letters", filter="/bridges/drained")["rows"])
    assert row["reason"] == "drained by an operator"
    assert row["sender"] is None
    letter = ask(owner, "dead_letter", number=row["number"])
    assert letter["receiver_state"] == "running"
    ask(owner, "dead_letters/resend", number=row["number"])
    until(lambda: server.home.system.actor(path).taken == [("code", "x")])
    assert refused(owner, "dead_letters/resend", number=row["number"])["code"] == "not_found"


def test_a_letter_to_the_dead_is_not_sent_again(owner, server):
    """It says what to do first."""
    server.home.system.tell("/bridges/nobody", {"token": "hush", "value": 1})
    row = ask(owner, "dead_letters", filter="/bridges/nobody")["rows"][0]

    letter = ask(owner, "dead_letter", number=row["number"])
    assert (letter["fields"]["token"], letter["fields"]["value"]) == ("<redacted>", "1")
    assert "does not run" in refused(owner, "dead_letters/resend", number=row["number"])["message"]
    assert "thrown away" in ask(owner, "dead_letters/clear")["text"]
    assert ask(owner, "dead_letters")["kept"] == 0


def test_a_stopped_actor_stays_stopped_until_it_is_started(owner, server):
    """Also a permanent one."""
    path = spawn(server, "stopped")
    act(owner, path, "stop")
    until(lambda: ask(owner, "actor", path=path)["state"] == "stopped")
    server.wait()
    assert server.home.system.ref(path) is None

    act(owner, path, "start")

    until(lambda: ask(owner, "actor", path=path)["state"] == "running")
    assert "runs already" in refused(owner, "act", path=path, action="start")["message"]


def test_what_lives_once_is_stopped_but_not_restarted(owner, server):
    """A client's connection, a run."""
    path = next(row["path"] for row in ask(owner, "children", path="/http")["rows"])

    assert "lives once" in refused(owner, "act", path=path, action="restart")["message"]


def test_a_failed_actor_is_started_again(owner, server):
    """After its supervisor gave up, with its deaths to read."""
    Stubborn.is_broken = True
    path = spawn(server, "failing", Stubborn, backoff=Backoff(pauses_s=(0.0,), max_restarts=2))
    until(lambda: ask(owner, "actor", path=path)["state"] == "failed")
    assert len(ask(owner, "actor", path=path)["deaths"]) == 3
    Stubborn.is_broken = False

    act(owner, path, "restart")

    until(lambda: ask(owner, "actor", path=path)["state"] == "running")


def test_what_the_home_cannot_be_without_is_neither_stopped_nor_paused(owner, server):
    """The refusal says why, in plain words, and stands in the audit log."""
    for path, action in (("/", "stop"), ("/http", "stop"), ("/recorder", "pause"), ("/entities", "drain")):
        error = refused(owner, "act", path=path, action=action)
        assert path in error["message"] and ":" in error["message"]
    newest = ask(owner, "audit", limit=1)["rows"][0]
    assert (newest["path"], newest["action"], newest["ok"]) == ("/entities", "drain", False)
    for written in ("clock", "clock/", "/clock/"):
        assert refused(owner, "act", path=written, action="stop")["message"].startswith("/clock cannot be stopped")
    assert "no path" in refused(owner, "act", path="/bridges//x", action="stop")["message"]
    assert "miss" in refused(owner, "act", path="/automations/evening", action="pause")["message"]


def test_a_log_level_holds_for_a_while(owner, server):
    """And is then what it was."""
    before_all = structlog.get_config()
    structlog.configure(logger_factory=Sinks(20))
    path = spawn(server, "loud")
    before = ask(owner, "actor", path=path)["logger"]["level"]
    act(owner, path, "log_level", level="debug", seconds=0.2)
    shown = ask(owner, "actor", path=path)["logger"]
    assert shown["until"] is None or shown["level"] == "debug"

    until(lambda: ask(owner, "actor", path=path)["logger"] == {**shown, "level": before, "until": None})
    structlog.configure(**before_all)
    assert "level must be" in refused(owner, "act", path=path, action="log_level", level="loud")["message"]


def test_everything_done_is_in_the_audit_log_also_after_a_restart(owner, server):
    """Who, when, what, result; read anew from the database."""
    path = spawn(server, "audited")
    act(owner, path, "restart")

    entry = ask(owner, "audit", filter="/bridges/audited")["rows"][0]
    assert (entry["user"], entry["action"], entry["ok"]) == ("Admin", "restart", True)
    assert entry["remote"] == "127.0.0.1"
    until(lambda: type(console_of(server.home).audit)(server.home).entries(path)["total"] == 1)
    reply = server.rest("POST", "/api/console/act", {"path": path, "action": "restart"})
    assert reply.json()["result"] == "ok"
    assert server.rest("POST", "/api/console/act", {"path": "/http", "action": "stop"}).status_code == 400
    assert server.rest("POST", "/api/console/act", {"path": path, "action": "explode"}).status_code == 400


# -- waiting for each other --------------------------------------------------------------------------------------------


def test_two_actors_that_ask_each_other_are_shown_as_the_deadlock_they_are(owner, server):
    """In the graph, in the overview, and on the page of each of them; after it nobody is accused any more."""
    one, two = spawn(server, "one", Asking), spawn(server, "two", Asking)
    system = server.home.system
    system.tell(one, ("ask", two))
    system.tell(two, ("ask", one))
    system.actor(one).gate.set()
    system.actor(two).gate.set()

    shown = until(lambda: ask(owner, "waits")["deadlocks"])

    assert {(wait["asker"], wait["target"]) for wait in shown[0]} == {(one, two), (two, one)}
    owner.command("marge/console/subscribe")
    number = owner.last_id
    told = until(lambda: next((event for event in [owner.event(number)] if event["deadlocks"]), None))
    assert {row["path"] for row in told["guilty"][:2]} == {one, two}
    assert told["guilty"][0]["state"] == "deadlocked"
    assert told["groups"][0]["states"] == {"deadlocked": told["groups"][0]["count"]}
    longest = max(wait["since_s"] for circle in told["deadlocks"] for wait in circle)
    assert max(row["oldest_s"] for row in told["guilty"][:2]) >= round(longest, 2) - 0.01
    page = ask(owner, "actor", path=one)
    assert (page["asks"]["target"], page["asked_by"][0]["asker"]) == (two, two)
    assert page["asks"]["since_s"] >= 0
    system.kill(one)
    until(lambda: not ask(owner, "waits")["deadlocks"])
