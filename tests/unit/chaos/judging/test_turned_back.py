"""What a station that was turned back to a copy forgot is excused; what sounded twice, forged or late never is."""

from dataclasses import replace

import pytest

from broadcaster.protocol.values import BroadcastClass
from tests.chaos.judging.diary import Diary
from tests.chaos.judging.evidence import Evidence
from tests.chaos.judging.facts import Heard, Ordered, Stated, Stored
from tests.chaos.judging.judge import Case
from tests.chaos.judging.verdict import judge

NODE, AT = "lung-pang", 1_000.0


def ordered(*, created: float = AT, cancelled: float | None = None) -> Ordered:
    return Ordered(
        id="b1", kind=BroadcastClass.PRIORITY, live=False, created=created, start=created + 5, expires=created + 60,
        seconds=4.0, state="scheduled", cancelled=cancelled, nodes=frozenset({NODE}),
    )  # fmt: skip


def heard(begun: float) -> Heard:
    return Heard(NODE, "b1", begun, 4.0, whole=True, true=True)


def case(*plays: Heard, turned_back: tuple[float, float] | None, unheard: frozenset[str] = frozenset()) -> Case:
    diary = Diary()
    if turned_back is not None:
        number = diary.begin("turned back", "station", from_seconds=turned_back[0])
        diary._happenings[number] = replace(diary._happenings[number], until_seconds=turned_back[1])
    stated = [Stated(NODE, "b1", "stored", AT + 1, AT + 1, 1, 0, "")]
    evidence = Evidence(
        ordered={"b1": ordered()},
        heard=list(plays),
        stated=stated,
        stored={(NODE, "b1"): Stored(NODE, "b1", "played" if plays else "expired")},
        stops=[],
        stands={(NODE, "b1"): "planned"},
        gathered=AT + 600,
    )
    return Case(evidence, diary, unheard=unheard)


def kinds(found: Case) -> set[str]:
    return judge(found, seed=1).kinds()


@pytest.mark.parametrize("plays", [(), (heard(AT + 5),)])
def test_what_was_ordered_while_nobody_will_remember_it_owes_nothing(plays: tuple[Heard, ...]) -> None:
    assert kinds(case(*plays, turned_back=(AT - 20, AT + 40))) == set()
    assert kinds(case(*plays, turned_back=None))
    assert kinds(case(*plays, turned_back=(AT + 100, AT + 140)))


def test_it_must_still_never_sound_twice_nor_early_nor_late() -> None:
    assert kinds(case(heard(AT + 5), heard(AT + 30), turned_back=(AT - 20, AT + 40))) == {"played twice"}
    assert kinds(case(heard(AT + 1), turned_back=(AT - 20, AT + 40))) == {"early"}
    assert kinds(case(heard(AT + 70), turned_back=(AT - 20, AT + 40))) == {"late"}


def test_a_node_without_recordings_owes_none() -> None:
    assert kinds(case(turned_back=None, unheard=frozenset({NODE}))) <= {"ledger and station"}
