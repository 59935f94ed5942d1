"""The process starts here: gevent patches the standard library before anything else of it is imported."""

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # who spawned whom costs 4 µs and a kilobyte a greenlet, and nobody asks

import sys  # noqa: E402

# structlog would import rich for tracebacks that the server does not draw: 4 MB and a tenth of a second.
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402, F401

del sys.modules["rich"]

from marge.cli import main  # noqa: E402

__all__ = ["main"]

if __name__ == "__main__":
    main()
