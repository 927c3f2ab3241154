"""The node as a service: what is installed, and when the watchdog is fed."""

import shutil
import socket
import stat
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from broadcaster.protocol.codec import encode
from speaker_node.body.watchdog import DISK_SECONDS, FEED_SECONDS, LINK_SECONDS, Vitals, Watchdog, notify
from speaker_node.command import main
from speaker_node.setup.installation import LAUNCHER, take_into_service, this_program, unit_text
from tests.unit.speaker_node.setup.test_settings import BUNDLE

HEALTHY = Vitals(link_seconds=0.0, player_overdue=False)


def test_installing_writes_unit_and_data_readable_by_the_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.json"
    bundle.write_bytes(encode(BUNDLE))
    for _ in range(2):
        assert main(["install", "--bundle", str(bundle), "--root", str(tmp_path / "pi")]) == 0
    stored = tmp_path / "pi/var/lib/loa-node/bundle.json"
    assert stored.read_bytes() == bundle.read_bytes()
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    unit = (tmp_path / "pi/etc/systemd/system/loa-node.service").read_text()
    assert "--bundle /var/lib/loa-node/bundle.json" in unit
    assert "{" not in unit
    rule = (tmp_path / "pi/etc/udev/rules.d/60-loa-stick.rules").read_text()
    assert 'ENV{ID_BUS}=="usb"' in rule
    assert "--owner=loa" in rule
    assert "Đã cài cụm loa" in capsys.readouterr().out


def test_a_card_that_takes_no_bundle_keeps_the_one_it_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle, stored = tmp_path / "bundle.json", tmp_path / "pi/var/lib/loa-node/bundle.json"
    bundle.write_bytes(encode(BUNDLE))
    stored.with_name("bundle.json.new").mkdir(parents=True)
    stored.write_text("của lần trước")
    assert main(["install", "--bundle", str(bundle), "--root", str(tmp_path / "pi")]) == 2
    assert stored.read_text() == "của lần trước"
    assert "Thẻ nhớ không ghi được bundle.json" in capsys.readouterr().err


def test_a_wrong_bundle_installs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bundle.json").write_text("{}")
    assert main(["install", "--bundle", str(tmp_path / "bundle.json"), "--root", str(tmp_path / "pi")]) == 2
    assert not (tmp_path / "pi").exists()
    assert "Hãy xin tệp mới" in capsys.readouterr().err


def test_the_unit_starts_the_launcher_of_whatever_environment_the_package_has_put_in_force(tmp_path: Path) -> None:
    python = tmp_path / "venv-1.1" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert this_program(python=python) == f"{python} {LAUNCHER}"
    (tmp_path / "venv").symlink_to("venv-1.1")
    assert this_program(python=python) == f"{tmp_path}/venv/bin/python {LAUNCHER}"
    assert find_spec(LAUNCHER.split()[-1])


def test_groups_that_plain_debian_lacks_are_made_before_the_unit_starts_and_one_that_runs_starts_anew(
    tmp_path: Path,
) -> None:
    done: list[Sequence[str]] = []
    take_into_service(tmp_path, run=done.append)
    made = [command[-1] for command in done if command[0] == "groupadd"]
    assert f"SupplementaryGroups={' '.join(made)}" in unit_text("loa node").splitlines()
    assert "gpio" in made
    assert [command[1] for command in done if command[0] == "systemctl"] == ["daemon-reload", "enable", "restart"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_the_unit_is_hardened(tmp_path: Path) -> None:
    unit = tmp_path / "loa-node.service"
    unit.write_text(unit_text("/opt/loa/bin/loa node"))
    asked = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)], capture_output=True, text=True
    )
    assert asked.returncode == 0, asked.stdout[-400:]


def test_a_node_whose_parts_all_move_feeds_the_watchdog_now_and_then(tmp_path: Path) -> None:
    said: list[str] = []
    watchdog = Watchdog(tmp_path, say=lambda words: bool(said.append(words)) or True)
    for now in range(0, 100, 10):
        watchdog.step(HEALTHY, float(now), disk_given_up=False)
    assert said == ["WATCHDOG=1"] * 4
    assert FEED_SECONDS == 30


@pytest.mark.parametrize(
    ("vitals", "now"),
    [(Vitals(0.0, player_overdue=True), 10.0), (HEALTHY, LINK_SECONDS + 1)],
    ids=["player stuck", "link stuck"],
)
def test_a_part_that_stands_still_starves_it(tmp_path: Path, vitals: Vitals, now: float) -> None:
    assert not Watchdog(tmp_path, say=lambda words: True).step(vitals, now, disk_given_up=False)


def test_a_card_that_takes_no_write_starves_it_unless_the_node_works_in_memory(tmp_path: Path) -> None:
    watchdog = Watchdog(tmp_path / "gone", say=lambda words: True)
    assert not watchdog.step(HEALTHY, 0.0, disk_given_up=False)
    assert watchdog.step(HEALTHY, 0.0, disk_given_up=True)


def test_the_card_is_proved_rarely(tmp_path: Path) -> None:
    watchdog = Watchdog(tmp_path, say=lambda words: True)
    times = set()
    for now in range(0, 3 * int(DISK_SECONDS), 40):
        watchdog.step(Vitals(float(now), player_overdue=False), float(now), disk_given_up=False)
        times.add((tmp_path / "alive").stat().st_mtime_ns)
    assert len(times) == 3


def test_words_to_systemd_arrive_on_its_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        assert notify("READY=1", environment={"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert systemd.recv(100) == b"READY=1"
    assert not notify("READY=1", environment={})
