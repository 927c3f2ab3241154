"""Emergency orders that wait for their second person, wherever that one is on the console."""

from collections.abc import Sequence

from broadcaster.station.emergencies import order_records
from broadcaster.station.people.roles import may_somewhere
from broadcaster.station.schema import EmergencyOrder
from broadcaster.station.units.units import zones
from web.shell.request_context import Context


def unconfirmed(c: Context) -> list[EmergencyOrder]:
    """For those who may order emergencies; the oldest first."""
    if not may_somewhere(c.by, "emergency"):
        return []
    found = order_records.open_orders(c.s, now_at=c.now_at)
    return [each for each in found if order_records.standing(each, now_at=c.now_at) == "waiting"]


def names_of(c: Context, orders: Sequence[EmergencyOrder]) -> dict[str, str]:
    """Where each was meant to sound, by id of the order."""
    called = {zone.id: zone.name for zone in zones(c.s)} if orders else {}
    return {order.id: ", ".join(called.get(each, each) for each in order.zones) for order in orders}
