"""`marge simulate`: the simulated house, which lives in a package of its own."""

from marge.simulate.command import simulate as command

__all__ = ["command"]
