"""Context ids, packed."""

from hypothesis import given
from hypothesis import strategies as st

from marge.recorder.ids import pack, unpack
from marge.util.ulid import ulid


@given(st.floats(0, 2**40))
def test_ulids_take_16_bytes_and_come_back(epoch):
    """Every ULID of our time comes back as it was; those since 2004 take 16 bytes."""
    text = ulid(epoch)
    assert unpack(pack(text)) == text
    if 1_100_000_000 < epoch < 2.8e11:  # a ULID's time has 48 bits of milliseconds
        assert len(pack(text)) == 16


_NEARLY_ULIDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZilou_+ ", min_size=26, max_size=26)


@given(st.text(st.characters(codec="utf-8"), max_size=40) | _NEARLY_ULIDS)
def test_any_text_comes_back(text):
    """Ids that are no ULIDs come back as they were, too."""
    assert unpack(pack(text)) == text
