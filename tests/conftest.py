"""The tests run as the server does: patched by gevent before anything else is imported."""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
import structlog  # noqa: E402
from hypothesis import settings  # noqa: E402

from tests.support.logs import logging_put_back  # noqa: E402
from tests.support.xdist_worker import use_native_locks  # noqa: E402

use_native_locks()

# Plain and short: pretty tracebacks with locals would take most of the suite's time.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(20),
)

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=60, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Whatever a test does to logging (a command line in this process sets it up), the next one has its own."""
    with logging_put_back():
        yield
