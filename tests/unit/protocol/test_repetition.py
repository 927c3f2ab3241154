"""A row of repetitions is many broadcasts to everybody, and one item on the wire."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from broadcaster.protocol import codec
from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.repetition import fold, next_id, repetitions, unfold
from tests.unit.protocol.samples import AT, CLIP, agenda, item

EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Row:
    count: int
    stem: str = "0123456789abcdef"

    def items(self) -> list[AgendaItem]:
        return [
            item(
                broadcast=f"{self.stem}-{number}",
                start_at=AT + EVERY * (number - 1),
                expires_at=AT + EVERY * number,
                live=number == 1,
            )
            for number in range(1, self.count + 1)
        ]


def test_a_row_travels_as_one_item_and_comes_back_whole() -> None:
    row = Row(24).items()
    (folded,) = fold(row)
    assert (folded.repeats, folded.every_ms) == (24, 300_000)
    assert list(repetitions(folded)) == row


def test_a_row_of_a_hundred_costs_a_few_bytes_more_than_one() -> None:
    one, many = (len(codec.encode(agenda(items=fold(Row(count).items()), clips=(CLIP,)))) for count in (1, 100))
    assert many - one < 60


def test_what_was_played_leaves_the_row_at_its_head() -> None:
    rest = Row(10).items()[3:]
    (folded,) = fold(rest)
    assert folded.broadcast.endswith("-4")
    assert not folded.live
    assert list(repetitions(folded)) == rest


def test_a_gap_makes_two_rows() -> None:
    items = Row(9).items()
    del items[4]
    assert [each.repeats for each in fold(items)] == [4, 4]
    assert [each for folded in fold(items) for each in repetitions(folded)] == items


def test_rows_and_single_broadcasts_do_not_mix() -> None:
    mixed = sorted(
        [*Row(5).items(), *Row(3, stem="fedcba9876543210").items(), item(broadcast="a" * 32)],
        key=lambda each: (each.start_at, each.broadcast),
    )
    folded = fold(mixed)
    assert sorted(each.repeats for each in folded) == [1, 3, 5]
    unfolded = unfold(agenda(items=folded, clips=(CLIP,))).items
    assert sorted(unfolded, key=lambda each: (each.start_at, each.broadcast)) == mixed


@pytest.mark.parametrize("change", [{"duration_ms": 1}, {"drill": True}, {"expires_at": AT + timedelta(hours=9)}])
def test_what_differs_in_anything_but_its_time_is_not_of_the_row(change: dict[str, object]) -> None:
    first, second = Row(2).items()
    assert len(fold([first, replace(second, **change)])) == 2


def test_an_agenda_without_repetitions_is_left_as_it_is() -> None:
    plain = agenda(items=(item(),), clips=(CLIP,))
    assert unfold(plain) is plain


@pytest.mark.parametrize("broadcast", ["broadcast", "1234567890"])
def test_repetitions_need_an_id_to_count_from(broadcast: str) -> None:
    with pytest.raises(ValueError, match="repeats"):
        item(broadcast=broadcast, repeats=2, every_ms=1000)
    with pytest.raises(ValueError, match="number"):
        next_id(broadcast)
