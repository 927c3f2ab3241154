"""No gauge lets anything sound that two people did not allow beforehand: every combination, and every later change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace as with_fields
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, LoaError, NotAllowed
from broadcaster.protocol.gauges import born
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import content
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import allowances, allowing, gauges, rules
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Broadcast, GaugeAllowance, GaugeRuleRow, Person
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.alerts.gauges import AT, allow, carry_on, deputy, gauge, make_clips, rule, say, speaking, warning
from tests.rig.commune import Commune
from tests.rig.databases import ON_SQLITE

pytestmark = [pytest.mark.integration, ON_SQLITE]
WISH = RuleWish(name="Báo động 2", does="speak", level=3.0, ends=2.0)


def spoken(database: Database, node_id: str, *, now_at: object = AT) -> list[str]:
    """Ids of what the node's agenda lets it say by itself; the clips are in it too."""
    with database.reading() as s:
        made = content.for_node(s, node=nodes.get(s, node_id), now_at=now_at)  # type: ignore[arg-type]
        held = {clip.sha256 for clip in made.clips}
        assert all(held.issuperset(each.parts) for each in made.policy.spoken_rules)
        return [each.allowance for each in made.policy.spoken_rules]


def state(broadcast: str, what: DeliveryState, number: int, played_ms: int = 0) -> Receipt:
    return Receipt(
        receipt=f"biennhan-{broadcast[-12:]}-{number}",
        broadcast=broadcast,
        state=what,
        at=AT + timedelta(seconds=number),
        sequence=number,
        played_ms=played_ms,
    )


def stated(database: Database, node_id: str, broadcast: str, *, now_at: object = AT) -> None:
    said = [state(broadcast, DeliveryState.PLAYING, 1), state(broadcast, DeliveryState.PLAYED, 2, 20_000)]
    with database.session() as s:
        receipts.store(s, node_id=node_id, receipts=said, now_at=now_at)  # type: ignore[arg-type]


def aired(database: Database) -> list[Broadcast]:
    with database.reading() as s:
        return s.query(Broadcast).order_by(Broadcast.id).all()


@pytest.mark.parametrize(
    ("does", "asked", "meant", "known"),
    list(product(("notify", "prepare", "speak"), (0, 1, 2), (False, True), (False, True))),
)
def test_only_what_two_people_allowed_is_in_an_agenda_and_in_the_record(
    database: Database, commune: Commune, does: str, asked: int, meant: bool, known: bool
) -> None:
    measured, both = gauge(database, commune), (commune.approver, deputy(database))
    words = warning(database, commune)
    made = rule(database, commune, measured, does=does, announcement_id=words.id if does != "notify" else "")
    make_clips(database)
    allowance = allow(database, made, *both[:asked]) if does == "speak" else None
    say(database, measured, [5.0] * 4)
    node = commune.strong if meant else commune.weak
    expected = does == "speak" and asked == 2 and meant
    assert bool(spoken(database, node.id)) is expected
    name = allowance.id if allowance and known else "ab" * 7
    stated(database, node.id, born.Birth(name, AT + timedelta(minutes=2)).broadcast, now_at=AT + timedelta(hours=2))
    assert [each.title for each in aired(database)] == (["Nước dâng"] if expected and known else [])


def test_what_began_at_a_node_stands_in_the_record_as_it_was_allowed(database: Database, commune: Commune) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    broadcast = born.Birth(allowance.id, AT + timedelta(minutes=2)).broadcast
    later = AT + timedelta(hours=3)
    stated(database, commune.strong.id, broadcast, now_at=later)
    stated(database, commune.strong.id, broadcast, now_at=later)
    [made] = aired(database)
    assert (made.id, made.state, made.drill, made.live) == (broadcast, BroadcastState.COMPLETED, False, True)
    assert (made.script, made.start_at) == (allowance.spoken["script"], AT + timedelta(minutes=2))
    assert [(each.node_id, each.state) for each in made.deliveries] == [(commune.strong.id, DeliveryState.PLAYED)]
    with database.reading() as s:
        assert content.for_node(s, node=nodes.get(s, commune.strong.id), now_at=AT).items == ()


@pytest.mark.parametrize(
    ("minutes", "taken"),
    [(-10, False), (2, True), (400 * 24 * 60 + 1, False)],
)
def test_a_crossing_outside_of_what_was_allowed_is_no_broadcast(
    database: Database, commune: Commune, minutes: int, taken: bool
) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    crossed_at = AT + timedelta(minutes=minutes)
    stated(database, commune.strong.id, born.Birth(allowance.id, crossed_at).broadcast, now_at=crossed_at)
    assert bool(aired(database)) is taken


def test_a_crossing_of_tomorrow_or_within_the_rest_after_another_is_no_broadcast(
    database: Database, commune: Commune
) -> None:
    allowance = speaking(
        database, commune, gauge(database, commune), commune.approver, deputy(database), rest_seconds=3600
    )
    assert allowance is not None
    for minutes in (0, 30, -3, 59, 60, 24 * 60):
        crossed_at = AT + timedelta(minutes=minutes)
        broadcast = born.Birth(allowance.id, crossed_at).broadcast
        stated(database, commune.strong.id, broadcast, now_at=AT + timedelta(hours=2))
    assert [each.start_at for each in aired(database)] == [AT, AT + timedelta(hours=1)]


def test_the_words_of_a_rule_are_stored_on_their_nodes_before_anything_happens(
    database: Database, commune: Commune
) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    assert spoken(database, commune.strong.id) == [allowance.id]
    assert spoken(database, commune.strong.id, now_at=allowance.expires_at) == []
    assert spoken(database, commune.weak.id) == []


def _other_words(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    assert made.announcement is not None
    written = replace(fields_of(made.announcement), text="Bà con ra suối xem nước.")
    announcements.edit(
        s, made.announcement, written, revision=made.announcement.revision, by=commune.officer, now_at=AT
    )


def _other_place(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    assert made.announcement is not None
    written = replace(fields_of(made.announcement), zones=("con-minh",))
    announcements.edit(
        s, made.announcement, written, revision=made.announcement.revision, by=commune.officer, now_at=AT
    )


def _other_exercise(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    assert made.drill is not None
    written = replace(fields_of(made.drill), text="Đây là diễn tập. Không có gì.")
    announcements.edit(s, made.drill, written, revision=made.drill.revision, by=commune.officer, now_at=AT)


def _withdrawn(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    assert made.announcement is not None
    announcements.withdraw(s, announcement=made.announcement, by=commune.officer, now_at=AT)


def _other_limit(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    wish = replace(WISH, level=2.5, announcement_id=made.announcement_id or "")
    rules.change(s, made, wish, by=commune.officer, now_at=AT)


def _rule_gone(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    rules.close(s, made, by=commune.officer, now_at=AT)


def _gauge_gone(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    gauges.close(s, gauge=made.gauge, by=commune.administrator, now_at=AT)


def _ended(s: Session, made: GaugeRuleRow, commune: Commune) -> None:
    [allowance] = allowances.listing(s, made)
    allowing.end(s, allowance=allowance, by=commune.officer, now_at=AT)


def _person_gone(s: Session, _made: GaugeRuleRow, commune: Commune) -> None:
    s.get_one(Person, commune.approver.id).disabled_at = AT


@pytest.mark.parametrize(
    "change",
    [
        _other_words, _other_place, _other_exercise, _withdrawn, _other_limit, _rule_gone, _gauge_gone, _ended,
        _person_gone,
    ],
)  # fmt: skip
def test_whatever_changes_afterwards_voids_it_for_good(
    database: Database, commune: Commune, change: Callable[[Session, GaugeRuleRow, Commune], None]
) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    with database.session() as s:
        change(s, rules.get(s, allowance.rule_id), commune)
    make_clips(database)
    carry_on(database)
    make_clips(database)
    carry_on(database)
    assert spoken(database, commune.strong.id) == spoken(database, commune.weak.id) == []
    with database.session() as s:
        assert s.get_one(GaugeAllowance, allowance.id).ended_at is not None
        s.get_one(Person, commune.approver.id).disabled_at = None
    assert spoken(database, commune.strong.id) == []


def test_nobody_allows_their_own_words_nor_twice_nor_what_was_not_heard(database: Database, commune: Commune) -> None:
    second, measured = deputy(database), gauge(database, commune)
    words = warning(database, commune)
    made = rule(database, commune, measured, does="speak", announcement_id=words.id)
    with pytest.raises(Conflict, match=r"gauge_rule\.no_clip"):
        allow(database, made, commune.approver)
    make_clips(database)
    for person in (commune.officer, commune.administrator, commune.hamlet_head):
        with pytest.raises(NotAllowed):
            allow(database, made, person)
    asked = allow(database, made, commune.approver)
    assert asked is not None
    for person, heard, code in (
        (commune.approver, asked.seal, r"gauge_rule\.own_allowance"),
        (second, "", r"gauge_rule\.seal_missing"),
        (second, "0" * 64, r"gauge_rule\.changed_since_heard"),
        (commune.officer, asked.seal, r"not_permitted"),
    ):
        with database.session() as s:
            found = allowances.get(s, asked.id)
            with pytest.raises(LoaError, match=code):
                allowing.confirm(s, allowance=found, heard=heard, by=person, now_at=AT)
    assert spoken(database, commune.strong.id) == []
    with database.session() as s:
        allowing.confirm(s, allowance=allowances.get(s, asked.id), heard=asked.seal, by=second, now_at=AT)
    assert spoken(database, commune.strong.id) == [asked.id]


def test_whoever_approves_but_wrote_the_rule_does_not_allow_it(database: Database, commune: Commune) -> None:
    words, measured = warning(database, commune), gauge(database, commune)
    with database.session() as s:
        wish = replace(WISH, announcement_id=words.id)
        made = rules.add(s, gauges.get(s, measured.id), wish, by=commune.approver, now_at=AT)
    make_clips(database)
    with pytest.raises(NotAllowed, match=r"gauge_rule\.own_words"):
        allow(database, made, commune.approver)


def test_a_rule_is_judged_by_what_two_people_heard_of_it(database: Database, commune: Commune) -> None:
    allowance = speaking(database, commune, gauge(database, commune), commune.approver, deputy(database))
    assert allowance is not None
    with database.reading() as s:
        current = rules.judged(rules.get(s, allowance.rule_id))
        made = content.for_node(s, node=nodes.get(s, commune.strong.id), now_at=AT)
        assert made.policy.spoken_rules[0].rule == current
        assert with_fields(current, limit=9.0) != current
