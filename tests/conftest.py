"""The tests run as the server does: patched by gevent before anything else is imported."""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402

from hypothesis import settings  # noqa: E402

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=60, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
