"""The tables as peewee models, without a database: queries end in `.execute(db)`. Columns change by migration only.

Times are integer microseconds since 1970, UTC. Foreign keys between the recorder's tables are not declared: SQLite
would look both ends up for each recorded row, and scan the history for each removed attribute set.
"""

from __future__ import annotations

import peewee


class KeyValueRow(peewee.Model):
    """One document of the key-value store."""

    id = peewee.AutoField()
    key = peewee.TextField(unique=True)
    value = peewee.TextField()  # JSON

    class Meta:
        table_name = "key_value"


class EntityRow(peewee.Model):
    """Dictionary: entity id to a small number."""

    id = peewee.AutoField()
    entity_id = peewee.TextField(unique=True)

    class Meta:
        table_name = "entities"


class AttributesRow(peewee.Model):
    """Dictionary: each distinct set of attributes once."""

    id = peewee.AutoField()
    hash = peewee.BigIntegerField(index=True)  # 64 bits of BLAKE2b over the JSON; equal hashes are told apart by `json`
    used_day = peewee.IntegerField()  # last day (since 1970, UTC) of a change that refers to it; what a purge goes by
    json = peewee.TextField()

    class Meta:
        table_name = "attribute_sets"


class StateRow(peewee.Model):
    """History: one row a change."""

    entity = peewee.IntegerField()
    updated_us = peewee.BigIntegerField()
    changed_us = peewee.BigIntegerField(null=True)  # null: equals updated_us
    state = peewee.TextField(null=True)  # null: the entity was removed
    attributes = peewee.IntegerField(null=True)
    context = peewee.BlobField(null=True)  # see marge.recorder.ids
    parent = peewee.BlobField(null=True)
    user = peewee.TextField(null=True)

    class Meta:
        table_name = "states"
        primary_key = peewee.CompositeKey("entity", "updated_us")
        without_rowid = True


class CurrentRow(peewee.Model):
    """The last state of each entity: what a start restores."""

    entity = peewee.IntegerField(primary_key=True)
    state = peewee.TextField()
    attributes = peewee.IntegerField()
    changed_us = peewee.BigIntegerField()
    updated_us = peewee.BigIntegerField()
    reported_us = peewee.BigIntegerField()
    context = peewee.BlobField()
    parent = peewee.BlobField(null=True)
    user = peewee.TextField(null=True)
    owner = peewee.TextField(null=True)  # null: a virtual entity

    class Meta:
        table_name = "current"


class EventRow(peewee.Model):
    """What the logbook tells beside changes of state: calls of services, runs of automations and scripts, starts."""

    time_us = peewee.BigIntegerField(primary_key=True)
    kind = peewee.TextField()  # the event's type
    data = peewee.TextField()  # JSON, what the logbook needs of it
    context = peewee.BlobField(null=True)
    parent = peewee.BlobField(null=True)
    user = peewee.TextField(null=True)

    class Meta:
        table_name = "events"
        without_rowid = True


class StatisticMetaRow(peewee.Model):
    """What a statistic is of: an entity's (source `recorder`), or one that came from outside."""

    id = peewee.AutoField()
    statistic_id = peewee.TextField(unique=True)
    source = peewee.TextField()
    unit = peewee.TextField(null=True)
    mean_type = peewee.IntegerField()  # 0: none, 1: arithmetic, 2: of angles
    has_sum = peewee.BooleanField()
    name = peewee.TextField(null=True)

    class Meta:
        table_name = "statistics_meta"


class StatisticRow(peewee.Model):
    """An hour of a statistic. Times in seconds: nothing here is finer than five minutes."""

    meta = peewee.IntegerField()
    start = peewee.IntegerField()
    mean = peewee.FloatField(null=True)
    min = peewee.FloatField(null=True)
    max = peewee.FloatField(null=True)
    last_reset = peewee.FloatField(null=True)
    state = peewee.FloatField(null=True)
    sum = peewee.FloatField(null=True)

    class Meta:
        table_name = "statistics"
        primary_key = peewee.CompositeKey("meta", "start")
        without_rowid = True


class ShortStatisticRow(StatisticRow):
    """Five minutes of a statistic; purged with the history."""

    class Meta:
        table_name = "statistics_short"
        primary_key = peewee.CompositeKey("meta", "start")
        without_rowid = True
