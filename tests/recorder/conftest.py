"""A rig for each test."""

import pytest

from tests.recorder.support import Rig


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path / "marge.db")
    yield made
    made.close()
