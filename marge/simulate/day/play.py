"""Plays the ordinary day from the command line's values. Not here: options, and what happens on that day."""

from __future__ import annotations

import sys
from contextlib import closing

from marge.simulate.day.chapters import ORDINARY_DAY
from marge.simulate.day.errors import DayError
from marge.simulate.day.player import Player
from marge.simulate.day.rest import RestClient
from marge.simulate.day.table import DayProgress, show
from marge.simulate.day.wire import Wire


def play_day(url: str, token: str | None, wire: Wire, speed: float) -> int:
    """Play the day and print its table. The exit code: 0 if every step was verified, else 1."""
    steps = sum(len(chapter.steps) for chapter in ORDINARY_DAY)
    player: Player | None = None
    try:
        with closing(RestClient(url, token)) as client, wire, DayProgress(steps) as progress:
            player = Player(client, wire, speed, progress.step, progress.outcome)
            player.play(ORDINARY_DAY)
    except DayError as error:
        if player is not None and player.outcomes:
            show(player.outcomes)
        print(f"marge simulate: {error}", file=sys.stderr)  # noqa: T201 - the command's own words
        return 1
    show(player.outcomes)
    return 0 if all(outcome.ok for outcome in player.outcomes) else 1
