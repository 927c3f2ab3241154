"""What two people allow: gauges and warnings that speak, levels above and below, words the station says itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from broadcaster.station.alerts import allowing as alert_allowing
from broadcaster.station.alerts import sources
from broadcaster.station.clips import dictionary
from broadcaster.station.gauges import allowances, allowing, rules
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.province import communes, items
from broadcaster.station.province.items import ItemFields
from broadcaster.station.rows import settings
from broadcaster.station.schema import Person
from broadcaster.station.units import spoken_words
from broadcaster.station.vocabulary.states import OfferState
from tests.rig.alerts.warnings import Signer
from tests.unit.web.access.exchange_things import follow, offered
from tests.unit.web.access.furnished_gauges import furnish_gauges
from tests.unit.web.access.scenes import Button, Scene, by
from tests.unit.web.commune import Commune


def deputy(commune: Commune, s: Session) -> Person:
    """A second approver of the commune."""
    made, _ = people.add_person(
        s,
        username="pho",
        full_name="Lý Thị Mai",
        password=None,
        roles=[("con-minh", "approver")],
        by=None,
        now_at=commune.clock(),
    )
    return made


def _identity(commune: Commune) -> StationIdentity:
    config = commune.app.extensions["loa"].config
    return StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)


def gauges_scene(commune: Commune) -> list[Button]:
    """A rule that two people let speak, one that the second did not yet, and one that nobody asked for."""
    now_at, found = commune.clock(), furnish_gauges(commune, "con-minh")
    with commune.database.session() as s:
        rule, second = rules.get(s, found["rule_id"]), deputy(commune, s)
        allowed, officer = allowances.get(s, found["gauge_allowance_id"]), by(commune, s, "canbo")
        allowing.confirm(s, allowance=allowed, heard=allowed.seal, by=second, now_at=now_at)
        others = []
        for level in (5, 6):
            wish = RuleWish(
                name=f"Báo động {level}", does="speak", level=level, ends=4, announcement_id=rule.announcement_id or ""
            )
            made = rules.add(s, rule.gauge, wish, by=officer, now_at=now_at)
            made.drill, made.drill_id = rule.drill, rule.drill_id
            s.flush()
            others.append((made, ("seal", allowances.seal(made))))
        (asked, asked_seal), (free, free_seal) = others
        waiting = allowing.ask(s, rule=asked, heard=asked_seal[1], by=second, now_at=now_at)
        page, one = "/gauges", f"/gauges/{found['gauge_id']}"
        confirm = [f"/gauges/rules/allowances/{each.id}/confirm" for each in (allowed, waiting)]
        return [
            Button(page, f"{one}/token"),
            Button(page, f"{one}/close"),
            Button(page, confirm[0], (("seal", allowed.seal),)),
            Button(page, confirm[1], (asked_seal,)),
            Button(page, f"/gauges/rules/allowances/{waiting.id}/end"),
            Button(page, f"/gauges/rules/{asked.id}/allow", (asked_seal,)),
            Button(page, f"/gauges/rules/{free.id}/allow", (free_seal,)),
            Button(page, f"/gauges/rules/{rule.id}/test", (("key", "mot"),)),
            Button(page, f"/gauges/rules/{free.id}/test", (("key", "mot"),)),
            Button(page, f"/gauges/rules/{free.id}", link=True),
            Button(page, f"/gauges/rules/{free.id}/close"),
        ]


def alerts_scene(commune: Commune) -> list[Button]:
    """A source that one person asked to let sound, and one that nobody asked for."""
    now_at = commune.clock()
    with commune.database.session() as s:
        administrator = by(commune, s, "quantri")
        one, other = (
            sources.add(s, name=name, certificate=Signer().pem, by=administrator, now_at=now_at)[0]
            for name in ("Đài tỉnh", "Đài vùng")
        )
        asked = alert_allowing.ask(s, source=one, drill=False, by=deputy(commune, s), now_at=now_at)
        page, pair = "/alerts", (one.id, other.id)
        return [
            Button(page, f"{page}/allowances/{asked.id}/confirm"),
            Button(page, f"{page}/allowances/{asked.id}/end"),
            *(Button(page, f"{page}/sources/{each}/{act}") for each in pair for act in ("allow", "close")),
        ]


def levels_scene(commune: Commune) -> list[Button]:
    """A level above that went back to an older copy, and its offers: one waits, one for its sound, one is over."""
    now_at = commune.clock()
    with commune.database.session() as s:
        level = follow(s, by=by(commune, s, "quantri"))
        level.went_back_at = now_at
        assert level.source is not None
        asked = alert_allowing.ask(s, source=level.source, drill=False, by=deputy(commune, s), now_at=now_at)
        offers = [
            offered(s, level).id,
            offered(s, level, "item-0002", number=2, recording_sha256="ab" * 32).id,
            offered(s, level, "item-0003", number=3, state=OfferState.EXPIRED).id,
        ]
        page = "/offers"
        why = (("words", "Đã phát sáng nay"),)
        return [
            *(Button(page, f"{page}/{each}/take") for each in offers),
            *(Button(page, f"{page}/{each}/decline", why) for each in offers),
            *(Button(page, f"{page}/levels/{level.id}/{act}") for act in ("seen", "close")),
            Button(page, f"{page}/levels/{level.id}/allow", (("drill", "1"),)),
            *(Button(page, f"{page}/allowances/{asked.id}/{act}") for act in ("confirm", "end")),
        ]


def province_scene(commune: Commune) -> list[Button]:
    """What an officer, and what the chair composed, and what was released; and a commune, of a level above."""
    now_at = commune.clock()
    with commune.database.session() as s:
        settings.write(s, "level", "province")
        administrator, identity = by(commune, s, "quantri"), _identity(commune)
        below, _ = communes.add(s, name="Xã Vi Hương", station="vi-huong", by=administrator, now_at=now_at)
        below.went_back_at = now_at
        written = ItemFields(title="Tiêm chủng", text="Mời bà con.", communes=[below.id])
        officers, chairs, released = (
            items.compose(s, written, by=by(commune, s, each), now_at=now_at) for each in ("canbo", "chutich", "canbo")
        )
        items.release(s, identity, item=released, by=deputy(commune, s), now_at=now_at)
        pages = [f"/province/items/{each.id}" for each in (officers, chairs, released)]
        page = "/province/communes"
        return [
            *(Button(each, f"{each}/{act}") for each in pages for act in ("release", "drop", "withdraw")),
            *(Button(page, f"{page}/{below.id}/{act}") for act in ("renew", "close", "seen")),
        ]


def readings_scene(commune: Commune) -> list[Button]:
    """Lines of the commune's and of a hamlet's dictionary, and words of the station, that wait for a release."""
    now_at, buttons = commune.clock(), []
    with commune.database.session() as s:
        for unit_id, author in (("con-minh", "canbo"), ("con-minh", "chutich"), ("lung-pang", "canbo")):
            written, person = f"NVH{len(buttons)}", by(commune, s, author)
            line = dictionary.add(s, unit_id=unit_id, written=written, reading="nhà văn hóa", by=person, now_at=now_at)
            release = f"/approvals/words/readings/{line.id}"
            buttons += [
                Button("/approvals/words", release, (("reading", line.reading),)),
                Button("/dictionary", f"/dictionary/{line.id}/remove"),
            ]
        for name, author in ((spoken_words.OPENING, "canbo"), (spoken_words.CLOSING, "chutich")):
            settings.write(s, name, "Xin chào")
            spoken_words.note_change(s, name, "", "Xin chào", by=by(commune, s, author))
            buttons.append(Button("/approvals/words", f"/approvals/words/{name}", (("wanted", "Xin chào"),)))
    return [*buttons, Button("/patterns", "/patterns/new", link=True)]


SOURCE_SCENES: dict[str, Scene] = {
    "gauges": gauges_scene,
    "alerts": alerts_scene,
    "levels above": levels_scene,
    "province": province_scene,
    "readings": readings_scene,
}
