"""`marge simulate shelly`: Shelly relays, plugs, lamps, blinds and meters of either generation, over HTTP."""

from __future__ import annotations

from itertools import cycle, islice

import click

from marge.simulate.families import _shelly_gen1 as gen1
from marge.simulate.families import _shelly_gen2 as gen2
from marge.simulate.families._serving import HttpDevice, run_until_told
from marge.simulate.families._shelly_parts import mac_of

MAX_DEVICES = 200


class Shelly(HttpDevice):
    """One device with its HTTP server.

    Attributes:
        inside: what it is; a test may turn and press things there.
    """

    def __init__(
        self, generation: int, model: str, number: int = 1, host: str = "127.0.0.1", port: int = 0,
        name: str | None = None, password: str | None = None,
    ) -> None:  # fmt: skip
        kind = gen1.Gen1 if generation == 1 else gen2.Gen2
        self.inside: gen1.Gen1 | gen2.Gen2 = kind(model, mac_of(generation, number), name, password)
        super().__init__(host, port, self.inside.handle)


@click.command()
@click.option("--gen", "generation", default=2, show_default=True, type=click.IntRange(1, 2), help="Generation.")
@click.option("--devices", default=1, show_default=True, type=click.IntRange(1, MAX_DEVICES), help="How many.")
@click.option("--model", "models", multiple=True, help="Which, in turn; may be repeated.  [default: one of each kind]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8200, show_default=True, help="Port of the first one; each other has the next. 0: any.")
@click.option("--password", default=None, help="They want this password, for the user admin.")
def command(generation: int, devices: int, models: tuple[str, ...], host: str, port: int, password: str | None) -> None:
    """Shellys: each on a port of its own, with all that its kind has.

    Add them in Marge by address and port, such as 127.0.0.1:8200. What is switched is remembered until the end; blinds
    run for ten seconds from end to end.
    """
    known = list(gen1.MODELS if generation == 1 else gen2.MODELS)
    wrong = [each for each in models if each not in known]
    if wrong:
        raise click.BadParameter(f"{wrong[0]}: there are {', '.join(known)}", param_hint="--model")
    servers = [
        Shelly(generation, model, number, host, port + number - 1 if port else 0, password=password)
        for number, model in enumerate(islice(cycle(models or known), devices), 1)
    ]
    try:
        run_until_told(*servers)
    except OSError as error:
        raise click.ClickException(f"{host} cannot be listened at: {error}. Try another --host or --port.") from error
