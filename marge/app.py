"""Puts a home together and runs it: the readable list of what starts, and in which order it stops.

The front door answers first; bridges come last and nothing waits for them.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
import structlog
from gevent.event import Event as GreenletEvent

from marge.actors import ActorSystem, Backoff, ChildSpec, Clock, PinnedActor, Supervisor
from marge.actors.collector import GarbageCollector, no_collections
from marge.actors.watchdog import Watchdog
from marge.auth import BANS_FILE, AuthKeeper, AuthStore, LoginGuard
from marge.auth.guard import show_refusal
from marge.auth.signing import sign_path
from marge.bridges.base import find_kinds
from marge.components import BROKEN, report_to, show_broken_parts
from marge.config import HomeConfig
from marge.console import set_up_console
from marge.conversation import set_up as set_up_conversation
from marge.entities import RESTORED, Entities, LastingStates, StateTable, load_domains
from marge.errors import MargeError
from marge.history.reader import HISTORY_DATABASE
from marge.history.set_up import set_up_history
from marge.home import Home
from marge.http import rest, ws
from marge.http.bearer import make_authenticate
from marge.http.dispatch import ANY_ORIGIN, Lanes
from marge.http.frontends import PAGES, pages_of
from marge.http.gate import make_gate
from marge.http.routing import collect
from marge.http.server import FrontServer, HttpServer
from marge.http.tls import context_of
from marge.http.ws.connection import Sockets
from marge.integrations import _safe_mode as safe_mode
from marge.integrations.checking import KEY as CHECK
from marge.integrations.checking import check_running
from marge.integrations.host import EntryHost, host_of
from marge.model import Context, Event
from marge.recorder import Recorder, entity_filter, restore
from marge.recorder.journal import Journal
from marge.registries import Registries
from marge.services import Policy, ServiceRegistry
from marge.storage import Database, HomeLock, KeyValue
from marge.storage.errors import DatabaseUnusable
from marge.storage.keeper import StorageKeeper
from marge.storage.postgres import PostgresDatabase
from marge.templating import TemplateEngine, read_custom_templates
from marge.util.breathe import let_others_in
from marge.util.malloc import return_big_blocks
from marge.util.parts import BrokenPart

log = structlog.get_logger("marge")

OK, CANNOT_START, INTERNAL_FAILURE = 0, 1, 70
RESTART = 100
"""Not an exit code: the process is to begin anew, as the same process (`marge.cli.run`)."""
SHUTDOWN_S = 20.0
CORE_BACKOFF = Backoff(pauses_s=(0.0, 0.0, 1.0, 5.0, 30.0), max_restarts=1_000_000, settle_s=60.0)
"""The home's own actors come back for ever: a recorder or a log-in that fails again and again (a full disk, a state
that nobody foresaw) must not count against the root and end the house."""
RECORDER_SHUTDOWN_S = 15.0
"""For the last commit: on a memory card under load it is not short."""
JOURNAL_SUFFIX = "-waiting"
"""Of the folder beside the database where changes wait while the history's server is away."""
DRAIN_S = 3.0
SEEDS_A_TURN = 100
CONFIG_ISSUE, MAX_PROBLEMS_SHOWN = "config_problems", 20
SWITCH_S = 0.0001
"""How long a native thread (the database's, say) may keep the hub waiting for the interpreter, and the hub it; Python's
own 5 ms are added to a request several times (`loadtests/bench_recording.py`)."""
DAMAGE_ISSUE = "database_damaged"
STARTED, STOPPING = "homeassistant_started", "homeassistant_stop"
START = "homeassistant_start"
CORE_CONFIG_UPDATED = "core_config_updated"
NATIVE_OPEN = ("/api/", "/api/config")
"""What the native profile answers to somebody without a token."""


class Running:
    """A home that runs: its parts, and how to end it.

    Attributes:
        startup_s: from the first actor to the open port.
        started: `time.monotonic()` of the start.
        phase: `NOT_RUNNING` while it is set up, `STARTING`, `RUNNING`, `STOPPING`: HA's words.
    """

    def __init__(self, config: HomeConfig, clock: Clock | None = None) -> None:
        self.config = config
        self._tls = context_of(config.marge)
        self.started = time.monotonic()
        self.startup_s = 0.0
        self.exit_code = OK
        self.ended = GreenletEvent()
        self.system = ActorSystem(clock, on_root_failure=self._root_failed)
        self.watchdog = Watchdog(self.system)
        self.phase = "NOT_RUNNING"
        self.lock = HomeLock(config.marge.db_path)
        self.database = Database(config.marge.db_path)
        self.history = history_database(config)
        self._broken: list[BrokenPart] = []
        self.home = self._make_home()
        self.auth = self._make_auth()
        self.server: FrontServer | None = None
        self.lanes: Lanes | None = None

    # -- what a home is made of --------------------------------------------------------------------------------------

    def _make_home(self) -> Home:
        config, system, storage = self.config, self.system, KeyValue(self.database)
        system.spawn(ChildSpec("bus", BusFigures, backoff=CORE_BACKOFF))
        system.spawn(ChildSpec("memory", GarbageCollector, backoff=CORE_BACKOFF))
        found = restore(self.database)
        system.spawn(ChildSpec("storage", StorageKeeper, (self.database, self.history), backoff=CORE_BACKOFF))
        states = StateTable()
        # Before the entities, so that it stops after them: it hears their last changes.
        settings = config.marge
        system.spawn(
            ChildSpec(
                "recorder",
                Recorder,
                (self.database, states),
                {
                    "commit_interval_s": settings.commit_interval_s,
                    "history_days": settings.history_days,
                    "keeps": entity_filter(config.sections.get("recorder")),
                    "auto_repack": settings.auto_repack,
                    "history": self.history,
                    "journal": Journal(settings.db_path.with_name(settings.db_path.name + JOURNAL_SUFFIX)),
                },
                shutdown_s=RECORDER_SHUTDOWN_S,
                backoff=CORE_BACKOFF,
            )
        )
        entities = Entities(system, load_domains(self._broken.append), states)
        # A restored placeholder does not take its id: it waits for the very entity that is registered again.
        registries = Registries(
            storage, system.bus, system.clock, lambda each: each in states and states.owner(each) != RESTORED
        )
        registries.load()
        registries.attach(entities)
        policy = Policy(lenient_without_target=config.marge.profile == "native")
        services = ServiceRegistry(system, entities, registries, policy)
        templates = TemplateEngine(LastingStates(states), registries.reader, config, system.clock.now)
        templates.load_custom_templates(read_custom_templates(config.config_dir / "custom_templates"))
        for state, owner in found.values():
            entities.restore(state, owner)
        restored = {entity_id: state for entity_id, (state, _owner) in found.items()}
        home = Home(system, entities.states, entities, services, registries, templates, config, storage, restored)
        home.shared[BROKEN] = self._broken
        if self.history is not None:
            home.shared[HISTORY_DATABASE] = self.history
        return home

    def _make_auth(self) -> AuthStore:
        settings = self.config.marge
        guard = LoginGuard(
            self.system.clock,
            settings.login_attempts_threshold,
            self.config.config_dir / BANS_FILE if settings.ip_ban_enabled else None,
            self._show_refusal,
        )
        store = AuthStore(
            self.database, self.home.storage, self.system.clock, settings.auth_token, settings.auth_mode == "open",
            guard=guard, providers=settings.auth_providers, second_factors=bool(settings.mfa_modules),
            proxies=settings.trusted_proxies,
        )
        store.content_token()  # HA's clients expect its user to be there
        store.on_user = self._publish_user
        self.home.shared.update(auth=store, websockets=Sockets(report_to(self.home)), run=self)
        # for players, which bring no token of their own
        self.home.shared["sign_path"] = lambda path, life_s: sign_path(store, path, life_s, store.content_token().id)
        self.system.spawn(ChildSpec("auth", AuthKeeper, (store,), backoff=CORE_BACKOFF))
        return store

    def _publish_user(self, event: str, user_id: str) -> None:
        self._publish(event, {"user_id": user_id})

    def _show_refusal(self, remote: str, banned: bool) -> None:
        notifications = self.home.shared.get("persistent_notification")
        if notifications is not None:
            gevent.spawn(show_refusal, notifications, remote, banned)

    # -- starting ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the front door, then set up the rest.

        Raises:
            OSError: the port cannot be had.
        """
        set_up_history(self.home, CORE_BACKOFF)
        set_up_console(self.home)
        self._open_front_door()
        self.startup_s = time.monotonic() - self.started
        self.watchdog.start()
        let_others_in()
        self._set_up_conversation()
        let_others_in()
        self._set_up_domains()
        self._seed_virtual_entities()
        self._start_integrations()
        self._enter("STARTING")
        self._publish(START)
        self._start_bridges()
        show_broken_parts(self.home)
        self._enter("RUNNING")
        self._publish(STARTED)

    def _enter(self, phase: str) -> None:
        """Clients that came while the home was being set up ask for its settings again, and find all that it has."""
        self.phase = phase
        self._publish(CORE_CONFIG_UPDATED)

    def _open_front_door(self) -> None:
        settings = self.config.marge
        native = settings.profile == "native"
        authenticate = make_authenticate(self.auth, raw_tokens=native)
        # Where an address alone opens the door, a proxy that nobody expects must not be taken for a person at home.
        lenient = native and settings.auth_providers.trusted is None
        gate = make_gate(self.auth.guard, settings.use_x_forwarded_for, settings.trusted_proxies, lenient)
        pages = pages_of(self.home)
        if pages is not None:
            self.home.shared[PAGES] = pages
        self.home.shared["routes"] = routes = collect(rest, ws, report=report_to(self.home))
        self.lanes = Lanes(
            self.home, routes, authenticate, gate=gate,
            cors_origins=(ANY_ORIGIN,) if native else settings.cors_origins,
            also_open=NATIVE_OPEN if native else (),
            on_refused=lambda request: self.auth.guard.request_refused(request.remote, request.path),
            pages=None if pages is None else pages.other,
            early=None if pages is None else pages.early,
        )
        self.server = server_of(settings.server)(
            self.lanes, settings.http_host, settings.http_port, ssl_context=self._tls
        )
        self.system.spawn(ChildSpec("http", Supervisor, kwargs={"stop_together": True}, backoff=CORE_BACKOFF))
        self.server.start()

    def _set_up_conversation(self) -> None:
        try:
            set_up_conversation(self.home)
        except Exception as exc:  # noqa: BLE001 - the border: a home that does not listen is still a home
            log.error("the conversation agent could not be set up", exc_info=exc)

    def _set_up_domains(self) -> None:
        """Each domain gets its part of the configuration; one that fails is named, and the others go on."""
        took: dict[str, float] = {}
        self.home.shared["setup_seconds"] = took
        for name, domain in self.home.entities.domains.items():
            if domain.setup is None:
                continue
            began = time.perf_counter()
            try:
                domain.setup(self.home, self.config.sections.get(name))
            except Exception as exc:  # noqa: BLE001 - the border: one domain
                log.error("a domain could not be set up", domain=name, exc_info=exc)
                report_to(self.home)(BrokenPart(f"marge.domains.{name}", repr(exc)))
            took[name] = time.perf_counter() - began
            let_others_in()  # the front door is open already

    def _seed_virtual_entities(self) -> None:
        for number, (entity_id, seed) in enumerate(self.config.marge.virtual_entities.items(), 1):
            self.home.entities.seed(entity_id, seed.state, seed.attributes)
            if number % SEEDS_A_TURN == 0:
                let_others_in()  # the front door is open already

    def _start_integrations(self) -> None:
        self.home.shared[CHECK] = partial(check_running, self.home)
        EntryHost(self.home).start()
        self._report_problems()
        self._report_damage()

    def _report_problems(self) -> None:
        """What is wrong in the files is a repair issue until it is put right."""
        issues = self.home.registries.issues
        wrong = [*self.config.problems, *self.home.shared.get("config_problems", ())]
        texts = [str(problem) for problem in wrong if problem.severity != "warning"]
        if not texts:
            issues.delete("homeassistant", CONFIG_ISSUE)
            return
        shown = texts[:MAX_PROBLEMS_SHOWN] + (["…"] if len(texts) > MAX_PROBLEMS_SHOWN else [])
        issues.raise_issue(
            "homeassistant", CONFIG_ISSUE, severity="error", translation_placeholders={"problems": "\n".join(shown)},
            learn_more_url="homeassistant://developer-tools/yaml",
        )  # fmt: skip

    def _report_damage(self) -> None:
        """A database that was found damaged is a repair issue until somebody has seen it."""
        safe_mode.look(self.home, self.database)
        aside = self.database.moved_aside
        if aside is None:
            return
        lost = [name for name, copied in self.database.rescued.items() if not copied.is_whole]
        text = f"Not everything could be read of: {', '.join(lost)}." if lost else "All settings could be read."
        if not self.database.rescued:
            text = "Nothing of it could be read: this home starts without its users, settings and history."
        self.home.registries.issues.raise_issue(
            "homeassistant", DAMAGE_ISSUE, severity="critical", is_persistent=True,
            translation_placeholders={"file": aside.name, "lost": text},
        )  # fmt: skip

    def _start_bridges(self) -> None:
        self.system.spawn(ChildSpec("bridges", Supervisor, shutdown_s=15.0, backoff=CORE_BACKOFF))
        report = report_to(self.home)
        kinds = find_kinds(report)
        self.home.shared["bridge_kinds"] = {kind.name: kind.specs for kind in kinds}
        for kind in kinds:
            if self._is_disabled(kind.name):
                continue
            try:
                specs = kind.specs(self.home)
            except Exception as exc:  # noqa: BLE001 - the border: one kind of bridge
                log.error("a bridge could not be set up", bridge=kind.name, exc_info=exc)
                report(BrokenPart(f"marge.bridges.{kind.name}", repr(exc)))
                continue
            for spec in specs:
                try:
                    self.system.spawn(spec, "/bridges")
                except Exception as exc:  # noqa: BLE001 - the border: one bridge of a kind that may have several
                    log.error("a bridge could not be set up", bridge=spec.name, exc_info=exc)
                    report(BrokenPart(f"marge.bridges.{kind.name}", repr(exc)))
            let_others_in()  # kinds import what they need

    def _is_disabled(self, kind: str) -> bool:
        """Whether the user has disabled the config entry that this bridge runs for, and enabling it would start it."""
        integration = host_of(self.home).integrations.get(kind)
        entries = self.home.registries.config_entries.for_domain(kind)
        if integration is None or integration.unload is None or not entries:
            return False
        return all(entry.disabled_by is not None for entry in entries)

    # -- while it runs -----------------------------------------------------------------------------------------------

    def ws_connections(self) -> int:
        """How many WebSockets are open."""
        return 0 if self.lanes is None else len(self.lanes.websockets)

    def _publish(self, event_type: str, data: dict[str, Any] | None = None) -> None:
        self.system.bus.publish(Event(event_type, data or {}, Context.new(), self.system.clock.now()))

    def _root_failed(self, reason: BaseException | None) -> None:
        log.critical("the root supervisor gave up; the process ends", exc_info=reason)
        self.end(INTERNAL_FAILURE)

    # -- ending ------------------------------------------------------------------------------------------------------

    def end(self, exit_code: int = OK) -> None:
        """Ask for the end. Returns at once; may be called from anywhere on the hub."""
        self.exit_code = self.exit_code or exit_code
        self.ended.set()

    def restart(self) -> None:
        """As `end`, and then begin anew."""
        self.end(RESTART)

    def stop(self) -> None:
        """The orderly end: clients first, then bridges and automations, the recorder and the database last."""
        began = time.monotonic()
        self.phase = "STOPPING"
        self._publish(STOPPING)
        if self.lanes is not None:
            self.lanes.websockets.close_all()
        if self.server is not None:
            self.server.stop(DRAIN_S)
        try:
            self.home.registries.flush()
        except Exception as exc:  # noqa: BLE001 - a failing database must not keep the rest from stopping
            log.error("registries could not be saved", exc_info=exc)
        in_time = self.system.shutdown(SHUTDOWN_S)
        self.watchdog.stop()
        self.close()
        log.info("stopped", seconds=round(time.monotonic() - began, 2), in_time=in_time)


    def close(self) -> None:
        """Let go of the databases and of the home's directory; waits."""
        if self.history is not None:
            self.history.close()
        self.database.close()
        self.lock.release()


def server_of(name: str) -> Callable[..., FrontServer]:
    """What makes the HTTP server of this name."""
    if name == "pywsgi":
        from marge.http.pywsgi_server import PywsgiServer  # a server of its own; few want it

        return PywsgiServer
    return HttpServer


def history_database(config: HomeConfig) -> PostgresDatabase | None:
    """The server of the history that this home wants; None: it is in the file, or the driver is missing."""
    url = config.marge.history_url
    if url is None:
        return None
    try:
        return PostgresDatabase(url)
    except DatabaseUnusable as exc:
        log.error("the history stays in Marge's own file", problem=str(exc))
        return None


class BusFigures(PinnedActor):
    """The event bus in the tree. Takes no messages."""

    def describe(self) -> dict[str, Any]:
        return self.system.bus.describe() | {"dead_letters": self.system.dead_letters.total}


def run(config: HomeConfig, on_ready: Callable[[Running], None] | None = None) -> int:
    """Run a home in the foreground until SIGTERM or SIGINT. Returns the exit code; see `docs/install.md`."""
    return_big_blocks()
    sys.setswitchinterval(SWITCH_S)
    try:
        with no_collections():
            running = Running(config)
    except MargeError as exc:
        log.error("cannot start", reason=str(exc))
        return CANNOT_START
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, running.end)
    try:
        with no_collections():
            running.start()
    except OSError as exc:
        log.error(
            "cannot start: the HTTP port cannot be had",
            host=config.marge.http_host, port=config.marge.http_port, reason=exc.strerror or str(exc),
        )
        running.system.shutdown(SHUTDOWN_S)
        running.close()
        return CANNOT_START
    log.info("ready", port=running.server.port if running.server else None, seconds=round(running.startup_s, 3))
    if on_ready is not None:
        on_ready(running)
    running.ended.wait()
    running.stop()
    return running.exit_code
