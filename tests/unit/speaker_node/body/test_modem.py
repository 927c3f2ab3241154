"""The modem's signal, told by something that speaks like mmcli."""

import time
from pathlib import Path

import pytest

from speaker_node.body.modem import Modem
from tests.rig.running.busy import stretched

ANSWER_SECONDS = 0.1
"""Longer than such a script runs: nothing tells from outside that it has ended without a word."""
ANSWERED = '{"modem":{"generic":{"signal-quality":{"recent":"yes","value":"57"}}}}'


def _mmcli(folder: Path, script: str) -> str:
    path = folder / "mmcli"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def _first_answer(modem: Modem) -> int | None:
    modem.percent()
    until = time.monotonic() + 5
    while modem.percent() is None and time.monotonic() < until:
        time.sleep(0.02)
    return modem.percent()


def test_the_signal_is_what_modemmanager_says_and_it_is_not_asked_all_the_time(tmp_path: Path) -> None:
    modem = Modem(_mmcli(tmp_path, f"echo x >> {tmp_path}/asked; echo '{ANSWERED}'"))
    assert _first_answer(modem) == 57
    assert (tmp_path / "asked").read_text() == "x\n"


def test_nobody_waits_for_a_modem_that_hangs(tmp_path: Path) -> None:
    modem = Modem(_mmcli(tmp_path, "exec sleep 2"))
    began = time.monotonic()
    assert modem.percent() is None
    assert time.monotonic() - began < stretched(1)


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "echo '{}'"])
def test_a_modem_that_says_nothing_useful_has_no_signal(tmp_path: Path, script: str) -> None:
    modem = Modem(_mmcli(tmp_path, script))
    modem.percent()
    time.sleep(ANSWER_SECONDS)
    assert modem.percent() is None
