"""The process starts here: gevent patches the standard library before anything else of it is imported."""

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # who spawned whom costs 4 µs and a kilobyte a greenlet, and nobody asks

from marge.util.left_out import left_out, put_off  # noqa: E402
from marge.util.markers import lighten_markers  # noqa: E402

# structlog would import rich for tracebacks that the server does not draw: 4 MB and a tenth of a second; and asyncio
# (1.4 MB) for methods that nobody calls.
with left_out("rich"), put_off("asyncio"):
    import structlog  # noqa: F401

# peewee would import every driver there is; PostgreSQL's is 12 MB, and `marge.storage` gets it where it is needed.
with left_out("psycopg"), left_out("psycopg2"):
    import peewee  # noqa: F401

lighten_markers()

from marge.cli import main  # noqa: E402

__all__ = ["main"]

if __name__ == "__main__":
    main()
