"""The process starts here: gevent patches the standard library before anything else of it is imported."""

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # who spawned whom costs 4 µs and a kilobyte a greenlet, and nobody asks

from marge.cli import main  # noqa: E402

__all__ = ["main"]

if __name__ == "__main__":
    main()
