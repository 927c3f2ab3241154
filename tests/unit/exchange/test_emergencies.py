"""An emergency of the level above: an order that waits for people, or sounds where two people allowed it before."""

import pytest

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.alerts import allowing, proposals
from broadcaster.station.broadcasts import receipts
from broadcaster.station.clips import clips, jobs
from broadcaster.station.exchange import intake
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, ProvinceOffer, ProvincePlay
from tests.rig.commune import rendered
from tests.rig.exchange.sites import Lower, Upper

pytestmark = pytest.mark.integration


def allow(lower: Lower, *, drill: bool = False) -> None:
    """Two people say so."""
    source = lower.levels()[0].source
    assert source is not None
    with lower.database.session() as s:
        now_at = lower.clock()
        asked = allowing.ask(s, source=source, drill=drill, by=lower.person(s, "chutich"), now_at=now_at)
        allowing.confirm(s, allowance=asked, by=lower.person(s, "phochutich"), now_at=now_at)


def make_clips(lower: Lower) -> None:
    with lower.database.session() as s:
        while job := jobs.claim(s, worker="test", now_at=lower.clock()):
            clip = clips.record(s, rendered(job.plan_hash), job.plan_hash, lower.clock())
            jobs.finish(s, job_id=job.id, worker="test", clip=clip, now_at=lower.clock())


def carry_on(lower: Lower) -> None:
    make_clips(lower)
    with lower.database.session() as s:
        proposals.carry_on(s, now_at=lower.clock())


def orders(lower: Lower) -> list[tuple[str, str]]:
    with lower.database.reading() as s:
        return [(each.mode, s.get_one(Announcement, each.announcement_id).title) for each in lower.rows(EmergencyOrder)]


def test_it_waits_for_people_where_nobody_allowed_it(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh", broadcast_class="emergency", title="Lũ quét", text="Nước đang lên, hãy lên chỗ cao.")
    link.pull(wait_seconds=0)
    carry_on(lower)
    assert (orders(lower), lower.offers()[0].state) == ([], "prepared")
    with lower.database.reading() as s:
        assert [each.title for each in proposals.waiting(s)] == ["Lũ quét"]
    link.push()
    assert upper.rows(ProvinceOffer)[0].state == "prepared"


def test_it_sounds_at_once_where_two_people_allowed_it(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    allow(lower)
    upper.release("con-minh", broadcast_class="emergency", title="Lũ quét", text="Nước đang lên, hãy lên chỗ cao.")
    link.pull(wait_seconds=0)
    carry_on(lower)
    assert orders(lower) == [("allowed", "Lũ quét")]


def test_an_allowance_for_drills_is_none_for_the_real_thing(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    allow(lower, drill=True)
    upper.release("con-minh", broadcast_class="emergency", title="Thật")
    link.pull(wait_seconds=0)
    carry_on(lower)
    assert orders(lower) == []


def test_nothing_but_an_emergency_sounds_by_itself(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    allow(lower)
    upper.release("con-minh", broadcast_class="priority", title="Cấm đường")
    link.pull(wait_seconds=0)
    carry_on(lower)
    assert (orders(lower), lower.offers()[0].state, lower.rows(Announcement)) == ([], "waiting", [])


def test_one_that_is_over_is_only_noted(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    allow(lower)
    upper.release("con-minh", broadcast_class="emergency", title="Lũ quét")
    lower.clock.move(hours=7)
    link.pull(wait_seconds=0)
    carry_on(lower)
    assert (orders(lower), lower.offers()[0].state) == ([], "expired")


def test_what_is_taken_back_before_anybody_ordered_it_does_not_sound(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    item = upper.release("con-minh", broadcast_class="emergency", title="Lũ quét")
    link.pull(wait_seconds=0)
    upper.withdraw(item)
    link.pull(wait_seconds=0)
    allow(lower)
    carry_on(lower)
    assert (orders(lower), lower.offers()[0].state) == ([], "withdrawn")


def test_what_nobody_decides_about_is_over_at_its_end(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    upper.release("con-minh", valid_until_at=upper.clock.now_at.replace(hour=20))
    link.pull(wait_seconds=0)
    lower.clock.move(hours=8)
    with lower.database.session() as s:
        intake.expire(s, now_at=lower.clock())
    link.push()
    assert (lower.offers()[0].state, upper.rows(ProvinceOffer)[0].state) == ("expired", "expired")


def test_what_each_node_said_goes_up_once_and_moves_the_figures(upper: Upper, lower: Lower) -> None:
    link = lower.join(upper)
    allow(lower)
    upper.release("con-minh", broadcast_class="emergency", title="Lũ quét")
    link.pull(wait_seconds=0)
    carry_on(lower)
    broadcast = lower.rows(Broadcast, Broadcast.start_at)[0]
    for number, state in enumerate((DeliveryState.PLAYED, DeliveryState.FAILED)):
        stated = Receipt(
            receipt=f"receipt-{number}",
            broadcast=broadcast.id,
            state=state,
            at=broadcast.start_at,
            sequence=number + 1,
            played_ms=broadcast.duration_ms if state is DeliveryState.PLAYED else 0,
        )
        with lower.database.session() as s:
            receipts.store(s, node_id=f"loa-{number + 1}", receipts=[stated], now_at=lower.clock())
    for _ in range(2):
        link.look()
        while link.push():
            pass
    plays = upper.rows(ProvincePlay, ProvincePlay.node)
    assert [(each.node, each.state, each.urgent) for each in plays] == [
        ("loa-1", "played", True),
        ("loa-2", "failed", True),
    ]
    offer = upper.rows(ProvinceOffer)[0]
    seconds = round(broadcast.duration_ms / 1000)
    assert (offer.planned_nodes, offer.nodes_played, offer.nodes_failed, offer.seconds) == (2, 1, 1, seconds)
