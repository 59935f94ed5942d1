"""`marge simulate hue`: a Philips Hue bridge with lamps, a room, sensors and switches, over HTTP."""

from __future__ import annotations

import click

from marge.simulate.families._hue_bridge import Bridge
from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest, run_until_told

MAX_LAMPS = 200
BUTTON = "/simulate/button"


class HueBridge(HttpDevice):
    """The bridge with its HTTP server.

    Attributes:
        inside: what it is; a test may press its button, switch its lamps and fill its sensors there.
    """

    def __init__(self, inside: Bridge | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.inside = inside or Bridge()
        super().__init__(host, port, self._answer)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.path == BUTTON and request.method == "POST":
            self.inside.press()
            return HttpAnswer(204)
        return self.inside.handle(request)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8180, show_default=True, help="Port; 0: any.")
@click.option("--name", default="Philips hue", show_default=True, help="The bridge's name.")
@click.option("--id", "bridge_id", default="001788FFFE123456", show_default=True, help="Its id, 16 hex digits.")
@click.option("--lamps", default=5, show_default=True, type=click.IntRange(5, MAX_LAMPS), help="How many lamps.")
@click.option("--open", "is_open", is_flag=True, help="It pairs without its button.")
def command(host: str, port: int, name: str, bridge_id: str, lamps: int, is_open: bool) -> None:
    """A Hue bridge with lamps, a room, a motion sensor and two switches.

    Add it in Marge by address and port, such as 127.0.0.1:8180. A POST to /simulate/button presses its button: for half
    a minute it pairs.
    """
    if len(bridge_id) != 16 or not set(bridge_id) <= set("0123456789abcdefABCDEF"):
        raise click.BadParameter("16 hex digits", param_hint="--id")
    try:
        inside = Bridge(bridge_id.upper(), name, is_open)
        inside.add_lamps(lamps - len(inside.lights))
        run_until_told(HueBridge(inside, host, port))
    except OSError as error:
        raise click.ClickException(f"{host} cannot be listened at: {error}. Try another --host or --port.") from error
