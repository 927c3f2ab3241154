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


def test_what_is_built_here_is_pinned_by_its_own_hash_and_nothing_else_changes() -> None:
    """A package of which there are sources alone once stopped every build of the packages."""
    pinned = PINNED + "http-ece==1.2.1 \\\n    --hash=sha256:ee\nidna==3.20 \\\n    --hash=sha256:ff\n"
    found = build.with_hashes(pinned, {"http-ece": "gg"})
    assert found == pinned.replace("    --hash=sha256:ee", "    --hash=sha256:gg \\\n    --hash=sha256:ee")
    assert build.with_hashes(pinned, {}) == pinned
    held = (ROOT / "requirements" / "station.txt").read_text("utf-8")
    names = {build.named(each) for each in build.for_python(held, "3.11", "x86_64")}
    assert set(build.SOURCES) <= names
    node = (ROOT / "requirements" / "node.txt").read_text("utf-8")
    assert not {build.named(each) for each in build.for_python(node, "3.11", "aarch64")} & set(build.SOURCES)


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
