"""Notifications: made, replaced, dismissed, kept."""

from __future__ import annotations

from marge.domains import persistent_notification
from marge.domains.persistent_notification import SHARED
from marge.storage import Database
from tests.domains.home import running_home


def test_create_replace_dismiss():
    """The same id replaces; each change is told to those who listen."""
    with running_home() as home:
        notifications, heard = home.home.shared[SHARED], []
        end = notifications.listen(lambda kind, changed: heard.append((kind, list(changed))))
        home.call("persistent_notification.create", message="m", title="t", notification_id="n1")
        home.clock.advance(1)
        home.call("persistent_notification.create", message="m2", notification_id="n1")
        home.call("persistent_notification.create", message="other")
        shown = notifications.newest_first()
        assert {each.message for each in shown} == {"m2", "other"}
        assert notifications.all()[0].title is None
        home.call("persistent_notification.dismiss", notification_id="n1")
        home.call("persistent_notification.dismiss", notification_id="never")
        assert notifications.existed("n1") and not notifications.existed("never")
        home.call("persistent_notification.dismiss_all")
        assert notifications.all() == []
        end()
        notifications.create("unheard")
        assert [kind for kind, _ in heard] == ["added", "updated", "added", "removed", "removed"]


def test_they_survive_a_restart(tmp_path):
    """What was active is there again, with its time."""
    database = Database(tmp_path / "marge.db")
    with running_home(database=database) as home:
        home.call("persistent_notification.create", message="m", title="t", notification_id="n1")
        made = home.home.shared[SHARED].all()
    with running_home(database=database) as home:
        assert home.home.shared[SHARED].all() == made
        assert home.home.shared[SHARED].existed("n1")
    database.close()


def test_there_is_a_limit(monkeypatch):
    """What comes beyond the limit drops the oldest."""
    monkeypatch.setattr(persistent_notification, "MAX_NOTIFICATIONS", 5)
    with running_home() as home:
        notifications = home.home.shared[SHARED]
        for number in range(8):
            notifications.create("m", notification_id=str(number))
        assert [each.notification_id for each in notifications.all()] == ["3", "4", "5", "6", "7"]


def test_notify_shows_a_notification():
    """`notify.notify` always has somewhere to go."""
    with running_home() as home:
        home.call("notify.notify", message="hi", title="T", data={"notification_id": 5})
        shown = home.home.shared[SHARED].all()
        assert [(each.notification_id, each.title, each.message) for each in shown] == [("5", "T", "hi")]
