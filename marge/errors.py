"""The one tree of errors. A class exists because somebody catches it differently; attributes carry the facts."""

from __future__ import annotations

from collections.abc import Mapping


class MargeError(Exception):
    """Base of all errors that Marge raises on purpose. Its text is for people."""


class ConfigError(MargeError):
    """A configuration file or variable is wrong and running on would be dangerous."""


class NotFound(MargeError):
    """The thing that was named does not exist."""


class InvalidRequest(MargeError):
    """What was asked is malformed; asking again the same way cannot succeed."""


class Unauthorized(MargeError):
    """Nobody, or somebody without the right, asked."""


class Unavailable(MargeError):
    """It cannot be done now; later it may."""


class Overloaded(Unavailable):
    """A bounded queue is full. The request was not taken."""


class BridgeError(MargeError):
    """A bridge could not talk to its devices."""


class Unreachable(BridgeError):
    """A device does not answer, or not as its kind does. Asking again later may help."""


class CredentialsNeeded(BridgeError):
    """A device answers, but wants a log-in that it was not given, or refuses the one it was given."""


class AlreadyExists(MargeError):
    """A living actor has this path already."""


class HomeError(MargeError):
    """A service could not do what was asked (what HA calls `home_assistant_error`)."""


class ServiceValidationError(HomeError):
    """A service refused its input for a reason that only the entity knows.

    Attributes:
        translation_key, translation_domain, placeholders: what HA's clients look the text up with.
    """

    def __init__(
        self,
        message: str,
        *,
        translation_key: str | None = None,
        translation_domain: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.translation_key = translation_key
        self.translation_domain = translation_domain
        self.placeholders = dict(placeholders) if placeholders is not None else None


class InvalidValue(MargeError):
    """An entity has no use for a value. HA fails unexpectedly there: its clients see `unknown_error` with the text."""


class ServiceNotFound(ServiceValidationError):
    """No such service is registered."""

    def __init__(self, domain: str, service: str) -> None:
        super().__init__(
            f"Service {domain}.{service} not found.",
            translation_key="service_not_found",
            translation_domain="homeassistant",
            placeholders={"domain": domain, "service": service},
        )
        self.domain = domain
        self.service = service
