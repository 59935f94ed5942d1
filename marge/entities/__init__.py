"""Entities: the snapshot table, the actors that write it, owned and virtual entities."""

from marge.entities.actor import EntityActor
from marge.entities.domain import Domain, Service, load_domains, virtual_default
from marge.entities.entities import ENTITY_BACKOFF, PATH, RESTORED, Entities
from marge.entities.entity import Entity
from marge.entities.messages import MergeState, RemoveEntity, Report, RunCommand, WriteState
from marge.entities.table import Collecting, LastingStates, StateTable

__all__ = [
    "ENTITY_BACKOFF", "PATH", "RESTORED", "Collecting", "Domain", "Entities", "Entity", "EntityActor", "LastingStates",
    "MergeState", "RemoveEntity", "Report", "RunCommand", "Service", "StateTable", "WriteState", "load_domains",
    "virtual_default",
]
