"""An emergency that sounds again and again, as one item on the wire and as many broadcasts everywhere else. Pure.

Each repetition is a broadcast of its own, with its own id, ledger entry and receipts. Their ids differ only in the
number behind the last hyphen, so a row of them travels as its first item and a count, and a link that is lost after the
order takes no repetition away.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from broadcaster.protocol.agenda import Agenda, AgendaItem


def fold(items: Sequence[AgendaItem]) -> tuple[AgendaItem, ...]:
    """The same items, every unbroken row of repetitions as one. Order is kept, by the first of each row."""
    folded: list[AgendaItem] = []
    last: dict[str, int] = {}
    for item in items:
        stem = item.broadcast.rpartition("-")[0]
        index = last.get(stem)
        longer = _joined(folded[index], item) if stem and index is not None else None
        if index is not None and longer is not None:
            folded[index] = longer
        else:
            last[stem] = len(folded)
            folded.append(item)
    return tuple(folded)


def unfold(agenda: Agenda) -> Agenda:
    """The agenda with every repetition as an item of its own."""
    if all(item.repeats == 1 for item in agenda.items):
        return agenda
    return replace(agenda, items=tuple(each for item in agenda.items for each in repetitions(item)))


def repetitions(item: AgendaItem) -> Iterable[AgendaItem]:
    """What one item on the wire stands for. Only the first keeps ``live``: no clock is needed to say it once."""
    yield replace(item, repeats=1, every_ms=0)
    for further in range(1, item.repeats):
        yield _nth(item, further)


def next_id(broadcast: str, further: int = 1) -> str:
    """The id of the repetition so many places after this one. Raises ValueError for an id without a number."""
    stem, _, number = broadcast.rpartition("-")
    if not stem or not number.isdecimal():
        raise ValueError("broadcast has no number behind its last hyphen")
    return f"{stem}-{int(number) + further}"


def _nth(item: AgendaItem, further: int) -> AgendaItem:
    later = timedelta(milliseconds=item.every_ms * further)
    return replace(
        item,
        broadcast=next_id(item.broadcast, further),
        start_at=item.start_at + later,
        expires_at=item.expires_at + later,
        live=False,
        repeats=1,
        every_ms=0,
    )


def _joined(row: AgendaItem, item: AgendaItem) -> AgendaItem | None:
    """The row with one more repetition, if ``item`` is exactly the next of it."""
    if item.repeats != 1:
        return None
    every_ms = row.every_ms or round((item.start_at - row.start_at) / timedelta(milliseconds=1))
    if every_ms <= 0 or not row.broadcast.rpartition("-")[2].isdecimal():
        return None
    longer = replace(row, repeats=row.repeats + 1, every_ms=every_ms)
    return longer if _nth(longer, row.repeats) == item else None
