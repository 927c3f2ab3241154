"""From what the station wants to the message a node obeys."""

from datetime import UTC, datetime, timedelta

from broadcaster.delivery import agendas
from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.codec import encode
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.agendas.content import AgendaContent

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
WEEK = timedelta(days=7)


def clip(letter: str) -> ClipRef:
    return ClipRef(sha256=letter * 64, size_bytes=40_000, chunk_bytes=16_384, duration_ms=20_000)


def item(name: str, letter: str, minutes: float = 60) -> AgendaItem:
    start_at = NOW + timedelta(minutes=minutes)
    return AgendaItem(
        broadcast=f"broadcast-{name}",
        parts=(letter * 64,),
        broadcast_class=BroadcastClass.ROUTINE,
        start_at=start_at,
        expires_at=start_at + timedelta(minutes=5),
        duration_ms=20_000,
    )


def content(*items: AgendaItem, clips: str = "", stop: StopOrder | None = None) -> AgendaContent:
    return AgendaContent(items, tuple(clip(letter) for letter in clips), Policy(), stop)


def build(wanted: AgendaContent) -> Agenda:
    duty = agendas.duty(wanted)
    return agendas.addressed(duty, station="con-minh", node="na-ca", number=1, issued_at=NOW, life=WEEK)


def digest(wanted: AgendaContent) -> str:
    return agendas.duty(wanted).digest


def test_an_agenda_lives_for_its_days_from_the_moment_it_is_issued() -> None:
    agenda = build(content())
    assert (agenda.issued_at, agenda.expires_at) == (NOW, NOW + WEEK)


def test_the_order_in_which_content_is_read_does_not_count() -> None:
    one, two = item("one", "a"), item("two", "b", minutes=90)
    forth, back = content(one, two, clips="abc"), content(two, one, clips="cba")
    assert digest(forth) == digest(back)


def test_everything_else_counts() -> None:
    digests = {
        digest(each)
        for each in (
            content(),
            content(clips="a"),
            content(item("one", "a"), clips="a"),
            content(item("one", "a", minutes=61), clips="a"),
            content(item("two", "a"), clips="a"),
            content(stop=StopOrder(order="stop-order-1", ordered_at=NOW)),
        )
    }
    assert len(digests) == 6


def test_clips_its_items_play_come_before_those_stored_ahead() -> None:
    duty = agendas.duty(content(item("late", "c", minutes=90), item("soon", "d", minutes=30), clips="abcd"))
    assert [each.sha256[0] for each in duty.clips] == ["d", "c", "a", "b"]
    assert [each.sha256[0] for each in duty.needed] == ["d", "c"]
    assert [each.sha256[0] for each in duty.stored_ahead] == ["a", "b"]


def test_however_much_is_planned_the_message_keeps_within_its_limit() -> None:
    items = tuple(item(f"number-{index:05}", "a", minutes=index) for index in range(900))
    extra = tuple(ClipRef(sha256=f"{i:064x}", size_bytes=1, chunk_bytes=1024, duration_ms=1) for i in range(900))
    wanted = AgendaContent(items, (clip("a"), *extra), Policy(), None)
    agenda = build(wanted)
    encode(agenda)
    assert agenda.items == items[: agendas.ITEMS]


def test_urgency_is_the_first_start_and_silence_is_due_at_once() -> None:
    wanted = (item("late", "a", minutes=90), item("soon", "a", minutes=30))
    assert agendas.duty(content(*wanted, clips="a")).urgency == (NOW + timedelta(minutes=30)).timestamp()
    assert agendas.duty(content(stop=StopOrder(order="stop-order-1", ordered_at=NOW))).urgency == 0
    assert agendas.duty(content()).urgency == float("inf")


def test_an_agenda_is_renewed_when_less_than_four_of_its_seven_days_are_left() -> None:
    def due(days: float) -> bool:
        return agendas.wants_renewal(issued_at=NOW, expires_at=NOW + WEEK, now_at=NOW + timedelta(days=days))

    assert [due(each) for each in (0, 2.9, 3.1, 8)] == [False, False, True, True]
