"""What somebody spoke live has rules of its own: it sounds in calm, ends, and nobody claims more than sounded."""

from collections.abc import Sequence

from broadcaster.protocol.values import BroadcastClass
from tests.chaos.judging.diary import Diary
from tests.chaos.judging.evidence import Evidence
from tests.chaos.judging.facts import Heard, Ordered, Stated, Stored
from tests.chaos.judging.judge import Case
from tests.chaos.judging.verdict import judge

NODE, AT = "lung-pang", 1_000.0
SPOKEN = Ordered(
    id="b1", kind=BroadcastClass.ROUTINE, live=True, created=AT, start=AT + 2, expires=AT + 80, seconds=8.0,
    state="completed", cancelled=None, nodes=frozenset({NODE}), spoken=True,
)  # fmt: skip


def heard(begun: float, seconds: float) -> Heard:
    return Heard(NODE, "b1", begun, seconds, whole=False, true=True)


def kinds(*plays: Heard, claimed_ms: int = 0, fault_at: float | None = None, on_air: Sequence[str] = ()) -> set[str]:
    diary = Diary()
    if fault_at is not None:
        diary.end(diary.begin("kill", NODE, from_seconds=fault_at))
    evidence = Evidence(
        ordered={"b1": SPOKEN},
        heard=list(plays),
        stated=[Stated(NODE, "b1", "played", AT + 11, AT + 11, 1, claimed_ms, "")] if claimed_ms else [],
        stored={(NODE, "b1"): Stored(NODE, "b1", "played")},
        stops=[],
        stands={(NODE, "b1"): "played"},
        gathered=AT + 600,
        on_air=frozenset(on_air),
    )
    return judge(Case(evidence, diary), seed=1).kinds()


def test_a_node_that_was_cut_off_joins_again_and_that_is_no_second_play() -> None:
    assert kinds(heard(AT + 2, 3.0), heard(AT + 7, 3.0), claimed_ms=6_000) == set()


def test_in_calm_it_is_heard_and_a_fault_excuses() -> None:
    assert kinds() == {"live not heard"}
    assert kinds(fault_at=AT + 4) == set()


def test_nobody_claims_more_than_sounded_and_every_session_ends() -> None:
    assert kinds(heard(AT + 2, 3.0), claimed_ms=6_000) == {"live receipt without play"}
    assert kinds(heard(AT + 2, 8.0), on_air=["b1"]) == {"open session"}
