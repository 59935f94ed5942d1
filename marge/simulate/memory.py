"""What the devices remember while the house's process is gone, in a file. Not here: when it is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
import structlog

from marge.simulate.house import House

log = structlog.get_logger("marge.simulate")

MAX_BYTES = 1 << 20
"""A file beyond this size was not written here."""


class Memory:
    """The file of one house. What cannot be read or written is logged; the house goes on without it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._saved: dict[str, dict[str, Any]] | None = None

    def restore(self, house: House) -> None:
        """Give the devices that remember (not those that measure) the state they had; wrong values are left out."""
        try:
            raw = self.path.read_bytes()[: MAX_BYTES + 1]
            stored = orjson.loads(raw) if len(raw) <= MAX_BYTES else None
        except FileNotFoundError:
            return
        except (OSError, orjson.JSONDecodeError) as error:
            log.warning("the house has forgotten its states", file=str(self.path), reason=str(error))
            return
        for name, state in stored.items() if isinstance(stored, dict) else ():
            device = house.find(name)
            if device is not None and device.remembers and isinstance(state, dict):
                for problem in device.simulate(state):
                    log.warning("not remembered", device=name, reason=problem)

    def save(self, house: House) -> None:
        """Write the states if they changed since the last time; the file is replaced whole or not at all."""
        states = {device.label.name: dict(device.state) for device in house.devices if device.remembers}
        if states == self._saved:
            return
        self._saved = states
        draft = self.path.with_name(f"{self.path.name}.new")
        try:
            draft.write_bytes(orjson.dumps(states, option=orjson.OPT_INDENT_2))
            os.replace(draft, self.path)
        except OSError as error:
            log.warning("the house cannot remember its states", file=str(self.path), reason=str(error))
