"""Slots that relay a stream, in their states, with the buttons of their page."""

from __future__ import annotations

from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, slot_relays, sources
from broadcaster.station.relays.choosing import RelayChoice
from tests.unit.web.access.scenes import RULE, Button, Scene, by
from tests.unit.web.commune import Commune


def relay_scene(state: str, chooser: str, zone: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        now_at = commune.clock()
        with commune.database.session() as s:
            person, officer = by(commune, s, chooser), by(commune, s, "canbo")
            administrator = by(commune, s, "quantri")
            found = sources.add(s, name="VOV1", written=["http://a.vn/vov1"], by=administrator, now_at=now_at)
            slot = slots.add_slot(s, name="Tiếp sóng", rule=RULE, zones=[zone], by=officer, now_at=now_at)
            choice = RelayChoice(source_ids=[found.id], minutes=10)
            relay = choosing.choose(s, slot=slot, choice=choice, times_a_month=1, by=person, now_at=now_at)
            seal = slot_relays.seal(s, relay)
            if state == "approved":
                choosing.approve(s, slot=slot, seen=seal, by=by(commune, s, "chutich"), now_at=now_at)
            page, chosen = f"/slots/{slot.id}/relay", (("source_0", found.id), ("minutes", "10"), ("ending", "fade"))
        fields = (*chosen, ("way", "recorded"), ("volume_db", "0"))
        return [
            Button(page, page, fields),
            Button(page, f"{page}/approve", (("seal", seal),)),
            Button(page, f"{page}/remove"),
        ]

    return build


RELAY_SCENES: dict[str, Scene] = {
    f"relay {state} of {chooser} in {zone}": relay_scene(state, chooser, zone)
    for state, chooser, zone in (
        ("chosen", "canbo", "con-minh"),
        ("chosen", "chutich", "lung-pang"),
        ("approved", "truongthon", "lung-pang"),
    )
}
