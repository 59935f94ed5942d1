"""The service registry: what services there are, and the one way to call them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pykka
import structlog
import voluptuous as vol

from marge.actors import ActorSystem, Future
from marge.entities import RESTORED, Domain, Entities, RunCommand
from marge.entities.domain import Service, SupportsResponse
from marge.errors import HomeError, NotFound, ServiceNotFound, ServiceValidationError
from marge.model import Context, Event, State
from marge.services.leniency import Leniency, Policy
from marge.services.targets import TARGET_FIELDS, Expander, require_target, resolve, without_targets
from marge.util.breathe import in_turns, let_others_in
from marge.util.quick_schema import QuickSchema

log = structlog.get_logger("marge.services")

CALL_SERVICE = "call_service"
SERVICE_REGISTERED = "service_registered"
SERVICE_REMOVED = "service_removed"
CALL_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """What a service's handler gets. `data` is validated; it holds the target's keys if the schema lets them in."""

    domain: str
    service: str
    data: Mapping[str, Any]
    context: Context
    return_response: bool = False


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a call did.

    Attributes:
        states: each change under its context, in order; of virtual entities those that it touched.
        only_virtual: it named entities, and none of them has an owner.
    """

    response: Any
    states: list[State]
    only_virtual: bool = False


Handler = Callable[[ServiceCall], Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """One registered service: of a domain's entities (`entity`), or with a handler of its own."""

    schema: Callable[[Any], Any] | None
    supports_response: SupportsResponse
    description: str
    fields: Mapping[str, Any]
    handler: Handler | None = None
    entity: Service | None = None
    name: str = ""
    target: Mapping[str, Any] | None = None


class ServiceRegistry:
    """Services by domain and name. Calls run in the caller's greenlet, which waits for the entities' actors."""

    def __init__(
        self, system: ActorSystem, entities: Entities, registries: Expander | None = None, policy: Policy | None = None
    ) -> None:
        self._system = system
        self._entities = entities
        self._registries = registries
        self._leniency = Leniency(policy or Policy(), entities.states)
        self._services: dict[str, dict[str, Registered]] = {}
        self.revision = 0
        """Another number after each change of what services there are."""
        for domain in entities.domains.values():
            self.register_domain(domain)

    # -- registering -------------------------------------------------------------------------------------------------

    def register_domain(self, domain: Domain) -> None:
        """Register the services of a domain's entities."""
        for name, service in domain.services.items():
            self._add(
                domain.name,
                name,
                Registered(
                    schema=_entity_schema(service),
                    supports_response=service.supports_response,
                    description=service.description,
                    fields=service.fields,
                    entity=service,
                    name=service.name,
                    target=service.target or {"entity": [{"domain": [domain.name]}]},
                ),
            )

    def register(
        self,
        domain: str,
        service: str,
        handler: Handler,
        schema: Any = None,
        supports_response: SupportsResponse = "none",
        description: str = "",
        fields: Mapping[str, Any] | None = None,
        name: str = "",
        target: Mapping[str, Any] | None = None,
    ) -> None:
        """Register a service with a handler of its own; it runs in the caller's greenlet and may wait.

        Args:
            schema: voluptuous schema or dict for all of the data; None: anything goes.
        """
        compiled = QuickSchema(schema) if isinstance(schema, dict) else schema
        self._add(
            domain,
            service,
            Registered(compiled, supports_response, description, fields or {}, handler, None, name, target),
        )

    def remove(self, domain: str, service: str) -> None:
        """Forget a service; unknown ones are ignored."""
        of_domain = self._services.get(domain, {})
        if of_domain.pop(service, None) is not None:
            self.revision += 1
            if not of_domain:
                del self._services[domain]
            self._publish(SERVICE_REMOVED, {"domain": domain, "service": service}, Context.new())

    def has(self, domain: str, service: str) -> bool:
        return service in self._services.get(domain, {})

    def find(self, domain: str, service: str) -> Registered | None:
        return self._services.get(domain, {}).get(service)

    def domains(self) -> list[str]:
        return list(self._services)

    def all(self) -> list[tuple[str, str, Registered]]:
        """Domain, name and service of each."""
        return [(domain, name, each) for domain, services in self._services.items() for name, each in services.items()]

    def describe(self) -> dict[str, dict[str, dict[str, Any]]]:
        """All services as `GET /api/services` shows them, by domain and name."""
        return {
            domain: {name: _describe(name, service) for name, service in services.items()}
            for domain, services in self._services.items()
        }

    def is_lenient(self, domain: str, service: str, raw: Mapping[str, Any]) -> bool:
        """Whether a call with this data concerns virtual entities only, so that it is not checked."""
        known = self.find(domain, service)
        return (known is None or known.handler is None) and self._leniency.covers(domain, raw)

    # -- calling -----------------------------------------------------------------------------------------------------

    def call(
        self,
        domain: str,
        service: str,
        data: Mapping[str, Any] | None = None,
        target: Mapping[str, Any] | None = None,
        context: Context | None = None,
        return_response: bool = False,
        timeout: float = CALL_TIMEOUT_S,
    ) -> CallResult:
        """Call a service and wait until it is done. Not from the shared dispatcher.

        Args:
            data, target: merged, as HA does; names are lower-cased.
            timeout: seconds for all entities together.

        Raises:
            ServiceNotFound: there is no such service.
            vol.Invalid: the data is not what the service takes; the text is voluptuous's.
            ServiceValidationError, HomeError: an entity refused.
            Overloaded: an entity's mailbox is full.
        """
        context = context or Context.new()
        raw = {**(data or {}), **(target or {})}
        domain, service = domain.lower(), service.lower()
        if self.is_lenient(domain, service, raw):
            return self._call_virtual(domain, service, raw, context, timeout)
        registered = self._find(domain, service)
        _check_response(registered, return_response)
        try:
            valid = registered.schema(raw) if registered.schema is not None else raw
        except vol.Invalid as exc:
            if registered.handler is None or not self._leniency.forgives(raw):
                raise
            log.warning("a service was called with what it does not take, and nothing was done",
                        service=f"{domain}.{service}", reason=str(exc))
            return CallResult(None, [])
        self._fire_call(domain, service, raw, context)
        targets: Collection[str] = ()
        with self._entities.states.collect(context.id) as collected:
            if registered.handler is not None:
                call = ServiceCall(domain, service, valid, context, return_response)
                response = registered.handler(call)
            else:
                response, targets = self._call_entities(domain, service, registered, valid, raw, context, timeout)
            if not self._system.dispatcher.idle:
                let_others_in()  # template entities and groups that follow what changed: the reply lists them too
        shown = response if return_response else None
        if domain == "homeassistant" and self._leniency.names_virtual(raw):
            return CallResult(shown, self._states_of(self._leniency.named(raw) or ()), only_virtual=True)
        return CallResult(shown, _followers_last(collected.states, targets))

    def _call_virtual(
        self, domain: str, service: str, raw: dict[str, Any], context: Context, timeout: float
    ) -> CallResult:
        states = self._entities.states
        named = [each for each in self._leniency.named(raw) or () if each in states and each.startswith(f"{domain}.")]
        self._fire_call(domain, service, raw, context)
        command = _virtual_command(service, raw, context)
        targets = list(dict.fromkeys(named))
        self._gather({entity_id: self._send(entity_id, command) for entity_id in in_turns(targets)}, timeout)
        known = self.has(domain, service) or service in ("turn_on", "turn_off", "toggle")
        return CallResult(None, self._states_of(targets) if known else [], only_virtual=True)

    def _states_of(self, ids: Iterable[str]) -> list[State]:
        return [state for each in in_turns(ids) if (state := self._entities.states.get(each)) is not None]

    def _call_entities(
        self,
        domain: str,
        service: str,
        registered: Registered,
        valid: Mapping[str, Any],
        raw: Mapping[str, Any],
        context: Context,
        timeout: float,
    ) -> tuple[dict[str, Any], Collection[str]]:
        """Run an entity service on its targets, all at once. Returns the responses by entity id, and the targets."""
        entity_service = registered.entity
        assert entity_service is not None
        states = self._entities.states
        targets = resolve(valid, domain, states, self._registries)
        if targets.missing:
            log.warning("a service names entities that do not exist", service=f"{domain}.{service}",
                        missing=targets.missing)
        owned = RunCommand(
            service, entity_service.method, entity_service.features, without_targets(valid), context
        )  # fmt: skip
        virtual: RunCommand | None = None
        sent: dict[str, Future] = {}
        for entity_id in in_turns(targets.entity_ids):
            owner = states.owner(entity_id)
            if owner is None:
                virtual = virtual or _virtual_command(service, raw, context)
                sent[entity_id] = self._send(entity_id, virtual)
            elif owner != RESTORED:
                sent[entity_id] = self._send(entity_id, owned)
        return self._gather(sent, timeout), sent.keys()

    def _send(self, entity_id: str, command: RunCommand) -> Future:
        try:
            return self._system.ask_later(f"{self._entities.path}/{entity_id}", command)
        except NotFound:
            gone = Future()
            error = pykka.ActorDeadError(f"{entity_id} is being restarted")
            gone.set_exception((pykka.ActorDeadError, error, None))
            return gone

    def _gather(self, sent: Mapping[str, Future], timeout: float) -> dict[str, Any]:
        """Wait for all; then raise the first error, if any."""
        deadline = self._system.clock.monotonic() + timeout
        responses: dict[str, Any] = {}
        first_error: Exception | None = None
        for entity_id, future in in_turns(list(sent.items())):
            try:
                response = self._reply(future, deadline)
                if isinstance(response, pykka.Future):
                    response = self._reply(response, deadline)
                responses[entity_id] = response
            except pykka.Timeout:
                first_error = first_error or HomeError(f"{entity_id} did not answer within {timeout:g} s")
            except pykka.ActorDeadError:
                log.warning("an entity went away during a call", entity_id=entity_id)
            except Exception as exc:  # noqa: BLE001 - kept, and raised once the others are done
                first_error = first_error or exc
        if first_error is not None:
            raise first_error
        return responses

    def _reply(self, future: pykka.Future[Any], deadline: float) -> Any:
        if isinstance(future, Future) and future.ready():
            return future.get()  # as most are, and no clock is asked
        return future.get(timeout=max(0.001, deadline - self._system.clock.monotonic()))

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _find(self, domain: str, service: str) -> Registered:
        registered = self.find(domain, service)
        if registered is None:
            raise ServiceNotFound(domain, service)
        return registered

    def _add(self, domain: str, service: str, registered: Registered) -> None:
        self._services.setdefault(domain, {})[service] = registered
        self.revision += 1
        self._publish(SERVICE_REGISTERED, {"domain": domain, "service": service}, Context.new())

    def _fire_call(self, domain: str, service: str, raw: Mapping[str, Any], context: Context) -> None:
        data = {"domain": domain, "service": service, "service_data": {**raw}}
        self._system.bus.publish(Event(CALL_SERVICE, data, context, self._system.clock.now()))

    def _publish(self, event_type: str, data: dict[str, Any], context: Context) -> None:
        self._system.bus.publish(Event(event_type, data, context, self._system.clock.now()))


def _entity_schema(service: Service) -> Callable[[Any], Any]:
    if callable(service.schema):
        return vol.All(service.schema, require_target)
    return QuickSchema({**service.schema, **TARGET_FIELDS}, require_target)


def _virtual_command(service: str, raw: Mapping[str, Any], context: Context) -> RunCommand:
    return RunCommand(service, service, 0, without_targets(raw), context)


def _check_response(registered: Registered, return_response: bool) -> None:
    if return_response and registered.supports_response == "none":
        raise ServiceValidationError(
            "An action which does not return responses can't be called with return_response=True",
            translation_key="service_does_not_support_response",
            translation_domain="homeassistant",
            placeholders={"return_response": "return_response=True"},
        )
    if not return_response and registered.supports_response == "only":
        raise ServiceValidationError(
            "The action requires responses and must be called with return_response=True",
            translation_key="service_lacks_response_request",
            translation_domain="homeassistant",
            placeholders={"return_response": "return_response=True"},
        )


def _describe(name: str, service: Registered) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": service.name or name.replace("_", " ").capitalize(),
        "description": service.description,
        "fields": dict(service.fields),
    }
    if service.target is not None:
        shown["target"] = service.target
    if service.supports_response != "none":
        shown["response"] = {"optional": service.supports_response == "optional"}
    return shown


def _followers_last(states: list[State], targets: Collection[str]) -> list[State]:
    """In order of change, what was called before what followed: a group may have changed before its last member."""
    if len(states) < 2 or not targets:
        return states
    return sorted(states, key=lambda state: state.entity_id not in targets)
