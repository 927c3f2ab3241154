"""What the screen shows at this instant: one pure decision over the signed agenda; no network is needed for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.values import BroadcastClass
from speaker_node.deciding.situation import Situation

Kind = Literal["alarm", "drill", "speaking", "idle", "stopped"]
BETWEEN = timedelta(minutes=30)
"""An alarm that has sounded and sounds again within this time is on meanwhile, too."""
AHEAD = timedelta(hours=24)
MOST_COMING = 4


@dataclass(frozen=True, slots=True)
class ScreenText:
    """kind: what it is, by which screens colour it; text: in few words, as approved; broadcast: which one is shown;
    coming: what comes next while nothing is said, each with its instant."""

    kind: Kind = "idle"
    text: str = ""
    broadcast: str = ""
    coming: tuple[tuple[datetime, str], ...] = ()


def screen_text(situation: Situation) -> ScreenText:
    """The whole decision."""
    agenda, reading = situation.agenda, situation.reading
    if agenda is None:
        return ScreenText()
    if agenda.stop:
        return ScreenText("stopped")
    shown = sorted(_now(situation), key=_precedence)
    if shown:
        first = shown[0]
        return ScreenText(_kind(first), first.board_text, first.broadcast)
    if not reading.trusted or reading.now_at >= agenda.expires_at:
        return ScreenText()
    until_at = reading.now_at + AHEAD
    coming = [
        (each.start_at, each.board_text)
        for each in agenda.items
        if each.board_text and reading.now_at < each.start_at <= until_at and _kind(each) != "alarm"
    ]
    return ScreenText(coming=tuple(sorted(coming)[:MOST_COMING]))


def _now(situation: Situation) -> Iterator[AgendaItem]:
    """What is said, and what would be while the horn is silent; an alarm also between its soundings."""
    agenda, reading = situation.agenda, situation.reading
    playing = situation.playing.broadcast if situation.playing else ""
    by_clock = agenda is not None and reading.trusted and reading.now_at < agenda.expires_at
    for item in agenda.items if agenda else ():
        if not item.board_text:
            continue
        end_at = item.start_at + timedelta(milliseconds=item.duration_ms)
        due = (
            agenda is not None
            and by_clock
            and (item.start_at <= reading.now_at < end_at or _between(item, agenda.items, reading.now_at))
        )
        if due or item.broadcast == playing:
            yield item


def _between(item: AgendaItem, items: Sequence[AgendaItem], now_at: datetime) -> bool:
    """Whether this is the next sounding of a real alarm that has sounded before."""
    stem, _, number = item.broadcast.rpartition("-")
    if not (number.isdecimal() and int(number) > 1 and _kind(item) == "alarm"):
        return False
    soon = now_at < item.start_at <= now_at + BETWEEN
    row = (each.start_at for each in items if each.broadcast.rpartition("-")[0] == stem and each.start_at > now_at)
    return soon and min(row) == item.start_at


def _kind(item: AgendaItem) -> Kind:
    if item.drill:
        return "drill"
    return "alarm" if item.broadcast_class is BroadcastClass.EMERGENCY else "speaking"


def _precedence(item: AgendaItem) -> tuple[int, datetime, str]:
    return ("alarm", "drill", "speaking").index(_kind(item)), item.start_at, item.broadcast
