"""What `and`, `or` and `not` share."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.kinds import Config


def schema(value: Any) -> Config:
    """`conditions:` in any spelling, validated."""
    # The validation of conditions needs all kinds, this one too: import it when it is used.
    from marge.automations.validation import validate_conditions

    nested = vol.Schema({vol.Required("conditions"): validate_conditions})
    config: Config = nested(value)
    return config
