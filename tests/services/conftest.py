"""The fixtures of the entities' tests: services are nothing without entities."""

from tests.entities.conftest import entities, services, system

__all__ = ["entities", "services", "system"]
