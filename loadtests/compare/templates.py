"""The recorded templates as a load: which ones both can render, and how fast each engine does it in its own process.

Each template was compiled before, as it is when a dashboard or an automation renders it again; the first pass, with
compiling, is timed too. Processor time, so that a busy machine changes little.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from loadtests.compare.peer import NoPeer
from marge.templating import TemplateError
from tests.templating.recorded_home import make_engine, recorded

PASSES = 15
WANTED = 2.0
_TEMPLATES = Path(__file__).parents[2] / "tests" / "data" / "templates.jsonl.gz"


class Rendered(NamedTuple):
    """What both engines did with the same templates.

    Attributes:
        templates: how many, those that both render.
        peer_us, marge_us: processor time of one render, the median of the passes.
        peer_first_us, marge_first_us: the same of the first render, with compiling, errors included.
    """

    templates: int
    peer_us: float
    marge_us: float
    peer_first_us: float
    marge_first_us: float

    @property
    def ratio(self) -> float:
        return self.peer_us / self.marge_us


def reference() -> list[tuple[str, dict[str, Any] | None]]:
    """The recorded templates that gave a result, with their variables."""
    with gzip.open(_TEMPLATES, "rt") as file:
        rows = [json.loads(line) for line in file]
    return [
        (row["template"], row.get("variables"))
        for row in rows
        if row["error"] is None and isinstance(row["template"], str)
    ]


def compare_engines(python: Path) -> Rendered:
    """Let both engines render the recorded templates over the recorded home, one after the other.

    Args:
        python: that of Home Assistant's installation.

    Raises:
        NoPeer: its engine cannot be used.
    """
    templates, setup = reference(), recorded("setup.json.gz")
    given = {
        "states": [*setup["other_states"], *setup["states"]],
        "floors": setup["floor_registry"],
        "areas": setup["area_registry"],
        "labels": setup["label_registry"],
        "entities": setup["entity_registry"],
        "files": setup["custom_templates"],
        "templates": templates,
        "passes": PASSES,
    }
    script = Path(__file__).with_name("render_peer.py")
    done = subprocess.run(
        [str(python), str(script)], input=json.dumps(given), capture_output=True, text=True, env=dict(os.environ)
    )
    if done.returncode != 0:
        raise NoPeer(f"Home Assistant's engine failed: {done.stderr.strip()[-800:]}")
    theirs = json.loads(done.stdout.splitlines()[-1])
    return _render(templates, theirs)


def _render(templates: list[tuple[str, dict[str, Any] | None]], theirs: dict[str, Any]) -> Rendered:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    engine = make_engine(now=time.time)
    both = []
    began = time.process_time()
    for index, (text, variables) in enumerate(templates):
        try:
            engine.render(text, variables)
        except TemplateError:
            continue
        both.append(index)
    first = time.process_time() - began
    common = [templates[index] for index in both if index in set(theirs["rendered"])]
    passes = []
    for _ in range(PASSES):
        began = time.process_time()
        for text, variables in common:
            engine.render(text, variables)
        passes.append(time.process_time() - began)
    return Rendered(
        len(common),
        statistics.median(theirs["pass_s"]) / len(theirs["rendered"]) * 1e6,
        statistics.median(passes) / len(common) * 1e6,
        theirs["first_s"] / len(templates) * 1e6,
        first / len(templates) * 1e6,
    )
