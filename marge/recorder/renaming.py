"""Gives an entity's past to its new name. In the database's thread only."""

from __future__ import annotations

import peewee

from marge.storage.models import CurrentRow, EntityRow, ShortStatisticRow, StateRow, StatisticMetaRow, StatisticRow


def rename(db: peewee.Database, old: str, new: str) -> None:
    """The dictionary's row is renamed in place; what was recorded under the new name already is put behind it."""
    if old == new:
        return
    row = EntityRow
    old_number = row.select(row.id).where(row.entity_id == old).scalar(db)
    new_number = row.select(row.id).where(row.entity_id == new).scalar(db)
    if old_number is not None:
        if new_number is not None:
            _move_states(db, new_number, old_number)
            row.delete().where(row.id == new_number).execute(db)
        row.update({row.entity_id: new}).where(row.id == old_number).execute(db)
    _rename_statistic(db, old, new)


def _move_states(db: peewee.Database, source: int, target: int) -> None:
    """All rows of one number to another; where both have one of the same microsecond, the moved one stays."""
    state, current = StateRow, CurrentRow
    moved = state.select(state.updated_us).where(state.entity == source)
    state.delete().where((state.entity == target) & state.updated_us.in_(moved)).execute(db)
    state.update({state.entity: target}).where(state.entity == source).execute(db)
    if current.select(current.entity).where(current.entity == source).exists(db):
        current.delete().where(current.entity == target).execute(db)
        current.update({current.entity: target}).where(current.entity == source).execute(db)
    # A removal that came with the change of name would end a graph in its middle.
    newest = StateRow.select(peewee.fn.MAX(StateRow.updated_us)).where(StateRow.entity == target).scalar(db)
    StateRow.delete().where(
        (StateRow.entity == target) & StateRow.state.is_null() & (StateRow.updated_us >= (newest or 0) - 5_000_000)
    ).execute(db)


def _rename_statistic(db: peewee.Database, old: str, new: str) -> None:
    meta = StatisticMetaRow
    old_id = meta.select(meta.id).where(meta.statistic_id == old).scalar(db)
    if old_id is None:
        return
    new_id = meta.select(meta.id).where(meta.statistic_id == new).scalar(db)
    if new_id is not None:
        for table in (StatisticRow, ShortStatisticRow):
            table.delete().where(table.meta == new_id).execute(db)
        meta.delete().where(meta.id == new_id).execute(db)
    meta.update({meta.statistic_id: new}).where(meta.id == old_id).execute(db)
