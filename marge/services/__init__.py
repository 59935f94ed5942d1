"""Services: the registry, validation, target resolution. What a service does stands in `marge.domains`."""

from marge.services.leniency import Policy
from marge.services.registry import CALL_SERVICE, CallResult, Handler, ServiceCall, ServiceRegistry
from marge.services.targets import TARGET_FIELDS, TARGET_KEYS, entity_ids, resolve

__all__ = [
    "CALL_SERVICE", "TARGET_FIELDS", "TARGET_KEYS", "CallResult", "Handler", "Policy", "ServiceCall",
    "ServiceRegistry", "entity_ids", "resolve",
]
