"""The key-value store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.storage import Database, KeyValue

texts = st.text(st.characters(codec="utf-8"))
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
documents = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
).filter(lambda document: document is not None)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    database = Database(tmp_path_factory.mktemp("kv") / "kv.db")
    yield KeyValue(database)
    database.close()


@given(document=documents)
def test_documents_come_back_as_they_were(store, document):
    """Any JSON document survives."""
    store.save("some key", document)
    assert store.load("some key") == document


def test_collections_keep_their_order(store):
    """Members come back in the order of first saving, whatever is saved again; others' keys stay out."""
    store.save_many({"set_a/z": 1, "set_a/b": 2, "setXa/c": 3})
    store.save("set_a/a", 4)
    store.save_soon({"set_a/z": 5}).get()
    assert list(store.load_all("set_a/").items()) == [("set_a/z", 5), ("set_a/b", 2), ("set_a/a", 4)]


def test_none_removes(store):
    """Saving None removes the key."""
    store.save("gone", 1)
    store.save("gone", None)
    assert store.load("gone") is None
    assert store.load_all("gone") == {}


def test_all_or_nothing(store):
    """One document without a JSON form fails the whole call and changes nothing."""
    with pytest.raises(TypeError):
        store.save_many({"good": 1, "bad": object()})
    assert store.load("good") is None
