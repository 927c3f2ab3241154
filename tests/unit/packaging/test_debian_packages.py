"""What goes into the Debian packages; that they install, upgrade and go is tried by `make packages-test`."""

import subprocess
from pathlib import Path

import pytest

from deploy.packages import build
from deploy.packages.build import MACHINES, PYTHONS, Package

ROOT = Path(__file__).parents[3]
PINNED = """\
# made by make lock
alembic==1.20.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via loa-lang
audioop-lts==0.2.2 ; python_full_version >= '3.13' \\
    --hash=sha256:cc
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
"""


@pytest.mark.parametrize(("python", "names"), [("3.11", ["alembic"]), ("3.13", ["alembic", "audioop-lts"])])
def test_each_python_gets_its_own_requirements_with_their_hashes(python: str, names: list[str]) -> None:
    found = list(build.for_python(PINNED, python, "x86_64"))
    assert [each.split("==")[0] for each in found] == names
    assert found[0] == "alembic==1.20.1 --hash=sha256:aa --hash=sha256:bb"


@pytest.mark.parametrize("part", ["station", "node"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_pinned_package_has_one_version_for_each_python(part: str, python: str) -> None:
    pinned = (ROOT / "requirements" / f"{part}.txt").read_text("utf-8")
    for machine in MACHINES.values():
        names = [each.split("==")[0] for each in build.for_python(pinned, python, machine)]
        assert len(names) == len(set(names)) > 5
        assert all("--hash=" in each for each in build.for_python(pinned, python, machine))


@pytest.mark.parametrize("part", ["station", "node"])
def test_scripts_are_sound_shell_and_wholly_filled_in(part: str, tmp_path: Path) -> None:
    package = Package(part, "amd64", "1.2", ("3.11",))
    build.lay_out(package, tmp_path)
    scripts = [tmp_path / "DEBIAN" / name for name in build.SCRIPTS] + [tmp_path / package.home / "make-venv"]
    for script in scripts:
        assert "@" not in script.read_text().replace('"$@"', "")
        assert script.stat().st_mode & 0o111
        subprocess.run(["/bin/sh", "-n", str(script)], check=True)


def test_units_of_the_station_start_the_program_of_the_package(tmp_path: Path) -> None:
    build.lay_out(Package("station", "arm64", "1.2", ("3.11",)), tmp_path)
    for unit in (tmp_path / "usr/lib/systemd/system").glob("*.service"):
        of_a_cell = unit.stem.endswith("@")  # one of many on a machine, each of which has its program linked to it
        program = "/etc/loa/cells/%i/program/bin/loa" if of_a_cell else "/opt/loa-station/venv/bin/loa"
        assert f"ExecStart={program} " in unit.read_text()
    assert "Architecture: arm64\n" in (tmp_path / "DEBIAN/control").read_text()
    assert "LOA_CONFIG" in (tmp_path / "usr/bin/loa").read_text()


def test_a_purge_deletes_data_only_when_it_was_told_to() -> None:
    text = (ROOT / "deploy/packages/scripts/postrm").read_text()
    assert text.index("delete-on-purge") < text.index('rm -rf "$data"')
    assert text.count('rm -rf "$data"') == 1
