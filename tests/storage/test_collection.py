"""Collections: items that people make, kept in the store."""

import gevent
import pytest
import voluptuous as vol

from marge.errors import HomeError, InvalidRequest, NotFound, Overloaded
from marge.storage import Database, KeyValue
from marge.storage.collection import Change, Collection

FIELDS = {
    vol.Required("name"): vol.All(str, vol.Length(min=1)),
    vol.Optional("size", default=1): vol.Coerce(int),
    vol.Optional("color"): str,
}


@pytest.fixture
def store(tmp_path):
    database = Database(tmp_path / "c.db")
    yield KeyValue(database)
    database.close()


def small(conf):
    if conf["size"] > 9:
        raise vol.Invalid(f"{conf['size']} is too big")
    return conf


def test_items_survive_a_restart(store):
    """What was made, changed and removed is so after the next start, in the same order."""
    first = Collection(store, "boxes", FIELDS)
    first.create({"name": "A"})
    first.create({"name": "B"})
    first.create({"name": "C"})
    first.update("a", {"name": "A", "size": "3"})
    first.delete("b")
    store.load("wait for the database")
    second = Collection(store, "boxes", FIELDS)
    second.load()
    assert second.all() == [{"id": "a", "name": "A", "size": 3}, {"id": "c", "name": "C", "size": 1}]


def test_ids_are_slugs_that_nobody_has(store):
    """Equal names get numbers; so does the name of something in the configuration files."""
    boxes = Collection(store, "boxes", FIELDS)
    boxes.is_taken = lambda item_id: item_id == "my_box"
    assert [boxes.create({"name": "My box!"})["id"] for _ in range(2)] == ["my_box_2", "my_box_3"]


def test_an_update_says_the_whole_item_anew_or_keeps_the_rest(store):
    """Without fields of its own an update replaces; with them it merges."""
    boxes = Collection(store, "boxes", FIELDS)
    boxes.create({"name": "A", "size": 3, "color": "red"})
    assert boxes.update("a", {"name": "B"}) == {"id": "a", "name": "B", "size": 1}
    merged = Collection(store, "others", FIELDS, update_fields={vol.Optional("name"): str})
    merged.create({"name": "A", "size": 3, "color": "red"})
    assert merged.update("a", {"name": "B"}) == {"id": "a", "name": "B", "size": 3, "color": "red"}


def broken(_change: Change) -> None:
    raise ZeroDivisionError


def test_listeners_hear_of_each_change_until_they_end_it(store):
    """Added, updated, removed, with the item; one listener's failure is not the others'."""
    boxes = Collection(store, "boxes", FIELDS)
    heard: list[Change] = []
    boxes.listen(broken)
    end = boxes.listen(heard.append)
    boxes.create({"name": "A"})
    boxes.update("a", {"name": "A", "size": 2})
    boxes.delete("a")
    end()
    boxes.create({"name": "B"})
    assert [(each.kind, each.item_id, each.item["size"]) for each in heard] == [
        ("added", "a", 1), ("updated", "a", 2), ("removed", "a", 2),
    ]  # fmt: skip


def test_what_is_no_item_is_refused_with_what_was_given(store):
    """The text names the field and its value; or the whole item, defaults last."""
    boxes = Collection(store, "boxes", FIELDS, check=small)
    with pytest.raises(InvalidRequest, match="length of value must be at least 1 for .* Got ''"):
        boxes.create({"name": ""})
    with pytest.raises(InvalidRequest) as error:
        boxes.create({"size": "99", "name": "x"})
    assert str(error.value) == "99 is too big. Got {'size': 99, 'name': 'x'}"
    with pytest.raises(NotFound):
        boxes.update("nope", {"name": "x"})
    with pytest.raises(NotFound):
        boxes.delete("nope")
    assert boxes.all() == []


def test_what_the_store_would_refuse_is_refused_at_once(store):
    """One item that cannot be saved must not keep the others from being saved."""
    boxes = Collection(store, "boxes", FIELDS)
    with pytest.raises(InvalidRequest, match="cannot be kept"):
        boxes.create({"name": "A", "size": 2**70})
    assert boxes.all() == []


def test_a_collection_is_bounded(store):
    """The one too many is refused."""
    boxes = Collection(store, "boxes", FIELDS, limit=1)
    boxes.create({"name": "A"})
    with pytest.raises(HomeError, match="no more than 1"):
        boxes.create({"name": "B"})


def test_what_cannot_be_saved_now_is_saved_later(store, monkeypatch):
    """A database that takes nothing for a while costs no item."""
    monkeypatch.setattr("marge.storage.collection.RETRY_AFTER_S", 0.01)
    save_soon, refusals = store.save_soon, [Overloaded("full"), Overloaded("full")]

    def sometimes(documents):
        if refusals:
            raise refusals.pop()
        return save_soon(documents)

    monkeypatch.setattr(store, "save_soon", sometimes)
    boxes = Collection(store, "boxes", FIELDS)
    boxes.create({"name": "A"})
    boxes.create({"name": "B"})
    with gevent.Timeout(5):
        while len(store.load_all("collection/boxes/")) < 2:
            gevent.sleep(0.01)


def test_an_unreadable_item_costs_only_itself(store):
    """A document that is none of ours is skipped."""
    store.save_many({"collection/boxes/x": ["what"], "collection/boxes/a": {"id": "a", "name": "A"}})
    boxes = Collection(store, "boxes", FIELDS)
    boxes.load()
    assert [item["id"] for item in boxes.all()] == ["a"]
