"""What will happen when, and what gets in each other's way."""

from datetime import UTC, datetime, timedelta

from scheduler.recurrence import parse
from scheduler.timetable import Block, clashes, lay_out, overlaps

FIVE = datetime(2026, 11, 21, 5, tzinfo=UTC)


def block(name: str, start_minute: float, minutes: float, *nodes: str) -> Block:
    start_at = FIVE + timedelta(minutes=start_minute)
    return Block(name, start_at, start_at + timedelta(minutes=minutes), frozenset(nodes))


def test_slots_are_laid_out_in_order_of_time() -> None:
    morning = parse({"weekdays": list(range(7)), "times": ["05:00"]}, timezone="UTC")
    evening = parse({"weekdays": [5], "times": ["17:00"]}, timezone="UTC")
    laid = lay_out([("evening", evening), ("morning", morning)], from_at=FIVE, until_at=FIVE + timedelta(days=2))
    assert [(each.slot, f"{each.start_at:%d %H}") for each in laid] == [
        ("morning", "21 05"), ("evening", "21 17"), ("morning", "22 05")
    ]  # fmt: skip


def test_the_start_of_a_window_belongs_to_it_and_its_end_does_not() -> None:
    daily = parse({"weekdays": list(range(7)), "times": ["05:00"]}, timezone="UTC")
    laid = lay_out([("daily", daily)], from_at=FIVE, until_at=FIVE + timedelta(days=1))
    assert [each.start_at for each in laid] == [FIVE]


def test_blocks_that_meet_on_a_node_overlap_there() -> None:
    found = overlaps([block("b", 10, 15, "lung-pang", "na-ca"), block("a", 0, 15, "ang-hin", "lung-pang")])
    assert [(each.earlier.id, each.later.id, each.nodes) for each in found] == [("a", "b", frozenset({"lung-pang"}))]


def test_blocks_on_different_nodes_do_not_meet() -> None:
    assert overlaps([block("a", 0, 15, "ang-hin"), block("b", 10, 15, "lung-pang")]) == []


def test_blocks_that_only_touch_do_not_meet() -> None:
    assert overlaps([block("a", 0, 15, "ang-hin"), block("b", 15, 15, "ang-hin")]) == []


def test_a_long_block_meets_everything_within_it() -> None:
    found = overlaps([block("long", 0, 60, "n"), block("x", 5, 5, "n"), block("y", 20, 5, "n")])
    assert [(each.earlier.id, each.later.id) for each in found] == [("long", "x"), ("long", "y")]


def test_mine_and_theirs_clash_where_they_share_a_node_and_a_moment() -> None:
    mine = [block("m1", 0, 10, "n"), block("m2", 60, 10, "n", "k")]
    theirs = [block("t1", -120, 125, "n"), block("t2", 65, 10, "k"), block("t3", 70, 10, "n"), block("t4", 0, 9, "z")]
    found = clashes(mine, theirs)
    assert [(each.mine.id, each.theirs.id, sorted(each.nodes)) for each in found] == [
        ("m1", "t1", ["n"]), ("m2", "t2", ["k"])
    ]  # fmt: skip


def test_only_mine_against_theirs_counts_and_touching_is_no_clash() -> None:
    assert clashes([block("a", 0, 15, "n"), block("b", 5, 15, "n")], [block("c", 20, 5, "n")]) == []
