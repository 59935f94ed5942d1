"""When the sun rises, sets and stands highest, and where it stands.

The arithmetic is skyfield's (`ephemeris`), and runs in a child process (`child`), which answers one table of more than
two years (`table`). The server asks the table, without waiting; `almanac` keeps it and has it made anew in time.
Not here: the `sun.sun` entity (`marge/domains/sun.py`).

This module imports neither gevent nor skyfield: the child imports it, and so does the server.
"""

from marge.solar.table import KINDS, Place, SolarKind, SunTable

__all__ = ["KINDS", "Place", "SolarKind", "SunTable"]
