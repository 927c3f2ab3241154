"""docs/operations.md names every command and the units it tells people to install."""

from pathlib import Path

import pytest

from loa.commands import COMMANDS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_on_the_page(name: str) -> None:
    assert f"`loa {name}`" in PAGE


@pytest.mark.parametrize("name", ["station", "web"])
def test_the_unit_of_each_service_starts_its_command(name: str) -> None:
    unit = (ROOT / "deploy" / "systemd" / f"loa-{name}.service").read_text(encoding="utf-8")
    assert f"ExecStart=/opt/loa/.venv/bin/loa {name}\n" in unit
    assert "NoNewPrivileges=yes" in unit
