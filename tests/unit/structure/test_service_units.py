"""Every unit of systemd that we ship says how many files and how much memory its service may take."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNITS = sorted([*(ROOT / "deploy" / "systemd").glob("*.service"), *ROOT.glob("speaker_node/**/*.service")])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_bounded(unit: Path) -> None:
    settings = dict(line.split("=", 1) for line in unit.read_text(encoding="utf-8").splitlines() if "=" in line)
    assert int(settings["LimitNOFILE"]) >= 1024
    assert settings["MemoryMax"].endswith("M")


def test_all_three_services_are_looked_at() -> None:
    assert {unit.name for unit in UNITS} >= {"loa-station.service", "loa-web.service", "loa-node.service"}
