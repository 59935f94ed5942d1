"""`condition: device`: something that a device's entity offers, such as `is_on`."""

from __future__ import annotations

from marge.automations import evaluate
from marge.automations.device_automations import as_condition, entity_of, schema
from marge.automations.device_table import CONDITIONS, row
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep
from marge.errors import HomeError


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    from marge.automations.validation import validate_condition

    how = row(CONDITIONS, config["domain"], config["type"])
    if how is None:
        raise ConditionError(f"In 'device' condition: nothing is known of {config['type']}")
    try:
        entity_id = entity_of(environment.home, config)
    except HomeError as exc:
        raise ConditionError(f"In 'device' condition: {exc}") from exc
    # As HA's traces show it: the device's condition and the one that it stands for have one path.
    return evaluate.check(validate_condition(as_condition(how, entity_id, config)), environment, step.path) is True


CONDITION = ConditionKind(schema("condition", CONDITIONS), _check, names_device=True)
