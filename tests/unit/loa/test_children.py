"""A daemon that dies is started again, ever more slowly, and one that hangs is ended for certain."""

import time
from pathlib import Path

import pytest

from broadcaster.errors import Unavailable
from loa.children import Child

pytestmark = pytest.mark.long


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def until_dead(child: Child) -> None:
    deadline = time.monotonic() + 10
    while child.alive():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_last_words_of_a_child_say_why_it_died(tmp_path: Path) -> None:
    child = Child("x", ("normalize", "--khong-co-tuy-chon"), tmp_path / "log")
    child.start()
    until_dead(child)
    assert "khong-co-tuy-chon" in child.last_words().facts["words"]


def test_a_child_that_keeps_dying_is_started_again_ever_more_slowly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    child = Child("x", ("--version",), tmp_path, clock=clock)
    child.start()
    for pause_seconds in (1, 2, 4):
        until_dead(child)
        child.keep_alive()
        assert f"sau {pause_seconds} giây" in capsys.readouterr().out
        clock.seconds += pause_seconds - 0.5
        child.keep_alive()
        assert not child.alive()
        clock.seconds += 0.6
        child.keep_alive()
    until_dead(child)
    assert child.log.read_text().count("loa ") == 4


def test_a_child_is_stopped_and_stopping_twice_is_harmless(tmp_path: Path) -> None:
    child = Child("x", ("normalize",), tmp_path)
    child.start()
    child.stop()
    child.stop()
    assert not child.alive()


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "log"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(Unavailable, match=r"process\.not_started"):
        Child("x", ("--version",), blocked).start()
