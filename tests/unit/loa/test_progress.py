"""Whoever starts everything sees what happens, and what is waited for once a second."""

import io

from loa.progress import Progress


class Clock:
    seconds = 10.0

    def __call__(self) -> float:
        return self.seconds


def test_each_step_and_each_second_of_waiting_has_a_line() -> None:
    clock, output = Clock(), io.StringIO()
    progress = Progress(output, monotonic=clock)
    progress.step("Khởi động đài")
    for _ in range(25):
        clock.seconds += 0.1
        progress.waiting("đài nối với broker")
    lines = output.getvalue().splitlines()
    assert lines[0] == "[ 0.0 s] Khởi động đài…"
    assert len(lines) == 3
    assert all("chờ đài nối với broker" in line for line in lines[1:])
