"""A migration of tests that leaves old rows to be filled in, and a process that fills them until it is killed.

    python -m tests.storage.filling DATABASE-FILE [POSTGRES-URL]
"""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import sys  # noqa: E402
from functools import partial  # noqa: E402

import gevent  # noqa: E402

from marge.actors import ActorSystem, ChildSpec  # noqa: E402
from marge.storage import Database, backfill, migrations, postgres_migrations  # noqa: E402
from marge.storage.backfill import Filled  # noqa: E402
from marge.storage.dialect import sql  # noqa: E402
from marge.storage.keeper import StorageKeeper  # noqa: E402
from marge.storage.migrate import Migration, find  # noqa: E402
from marge.storage.postgres import PostgresDatabase  # noqa: E402

BITE = 50


def add_column(db):
    """What the house waits for: how often a row was filled."""
    db.execute_sql("ALTER TABLE states ADD COLUMN filled INTEGER")


def fill(db, position, bite=BITE):
    """In the order of the key; a row that is filled a second time would show it."""
    entity, after_us = position or (0, 0)
    text = (
        "SELECT entity, updated_us FROM states WHERE (entity, updated_us) > (?, ?) "
        f"ORDER BY entity, updated_us LIMIT {bite}"
    )
    rows = db.execute_sql(sql(db, text), (entity, after_us)).fetchall()
    if not rows:
        return Filled(None, 0)
    last = tuple(rows[-1])
    text = (
        "UPDATE states SET filled = coalesce(filled, 0) + 1 WHERE (entity, updated_us) > (?, ?) "
        "AND (entity, updated_us) <= (?, ?)"
    )
    db.execute_sql(sql(db, text), (entity, after_us, *last))
    # A bite that is not full was the last one: else it would run after what is written meanwhile.
    return Filled(last if len(rows) == bite else None, len(rows), share=last[0] / 100)


def steps_for(package, filling=fill):
    """The package's migrations, and one more."""
    known = find(package)
    version = len(known) + 1
    return [*known, Migration(version, f"{version:04d}_filled", add_column, filling)]


file_steps = partial(steps_for, migrations)
server_steps = partial(steps_for, postgres_migrations)


def main(path, url=None):
    backfill.STEP_S = 0.0  # one bite a step, so that it lasts
    database = Database(path, steps=find(migrations) if url else file_steps())
    history = PostgresDatabase(url, steps=server_steps()) if url else None
    system = ActorSystem()
    system.spawn(ChildSpec("storage", StorageKeeper, (database, history, 0.0)))
    while True:
        gevent.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
