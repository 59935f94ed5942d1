"""The process starts here: gevent patches the standard library before anything else of it is imported."""

from gevent import monkey

monkey.patch_all()

from marge.cli import main  # noqa: E402

__all__ = ["main"]

if __name__ == "__main__":
    main()
