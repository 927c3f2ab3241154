"""The tables of version 0.2.0 from nothing, each after the tables it refers to."""

from collections.abc import Callable

from broadcaster.station.database.migrations.baseline import (
    accounts,
    broadcasts,
    foundation,
    nodes_and_slots,
    planning,
)


def tables() -> tuple[Callable[[], None], ...]:
    """What makes each table, in order."""
    rooms = (foundation, accounts, nodes_and_slots, planning, broadcasts)
    return tuple(make for room in rooms for make in room.TABLES)
