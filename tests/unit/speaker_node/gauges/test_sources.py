"""What a node's own gauges say: a file, a serial line, pulses."""

import os
import pty
from pathlib import Path

import pytest

from speaker_node.errors import SettingsRefused
from speaker_node.gauges.sources import FileGauge, PulseGauge, SerialGauge, choose_gauges, number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"2.5\n", 2.5),
        (b" 2,5", 2.5),
        (b"-1", -1.0),
        (b"", None),
        (b"nan", None),
        (b"1e9", None),
        (b"2.5.1", None),
        (b"x", None),
    ],
)
def test_a_line_is_a_number_or_nothing(written: bytes, value: float | None) -> None:
    assert number(written) == value


def test_a_file_is_read_at_its_own_pace(tmp_path: Path) -> None:
    gauge = FileGauge(tmp_path / "level", 10)
    assert gauge.read(0) is None
    (tmp_path / "level").write_text("2.5\n")
    assert gauge.read(5) is None
    assert gauge.read(10) == 2.5
    (tmp_path / "level").write_text("9" * 10_000)
    assert gauge.read(20) is None


def test_pulses_are_summed_over_their_stretch() -> None:
    seconds = [0.0]
    gauge = PulseGauge(0.2, 3600, lambda: seconds[0], 60)
    for at in (10.0, 20.0, 3000.0):
        seconds[0] = at
        gauge.pulsed()
    assert gauge.read(3001) == 0.6
    assert gauge.read(3050) is None
    assert gauge.read(3615) == 0.4
    assert gauge.read(9999) == 0.0


def test_the_latest_whole_line_of_a_serial_line_counts() -> None:
    ours, theirs = pty.openpty()
    try:
        os.set_blocking(ours, False)
        gauge = SerialGauge(Path(os.ttyname(theirs)), 9600, 0)
        assert gauge.read(0) is None
        os.write(ours, b"1.5\nrubbish\n2.5\n3.")
        assert gauge.read(1) == 2.5
        os.write(ours, b"5\n")
        assert gauge.read(2) == 3.5
        assert gauge.read(3) is None
        gauge._close()
    finally:
        os.close(ours)
        os.close(theirs)


def test_several_gauges_are_named_in_one_setting(tmp_path: Path) -> None:
    found = choose_gauges(f"suoi_1=file:{tmp_path}/a@5; cau_1=serial:/dev/ttyUSB0@9600;", lambda: 0.0)
    assert sorted(found) == ["cau_1", "suoi_1"]
    assert choose_gauges("", lambda: 0.0) == {}


@pytest.mark.parametrize(
    "written",
    [
        "suoi=file:/a",
        "suoi_1=file:a",
        "suoi_1=serial:/a@77",
        "suoi_1=pulses:17@0",
        "suoi_1=pulses:x@1",
        "x",
        "suoi_1=file:/a@x",
    ],
)
def test_what_is_no_gauge_is_refused_by_name(written: str) -> None:
    with pytest.raises(SettingsRefused, match="trạm đo"):
        choose_gauges(written, lambda: 0.0)
