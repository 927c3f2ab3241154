"""Wheels become a program beside the others, or nothing at all; and a kill at any moment costs nothing."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from broadcaster.protocol.release import ReleaseFailure
from speaker_node.releases import launch_state, unpacking
from speaker_node.releases.errors import ReleaseRefused
from tests.rig.releases import programs

ROOT = Path(__file__).parents[4]


def take(wheel: Path, root: Path, *, program: str = "1.2", free_bytes: int = 10**12) -> None:
    release = programs.order(wheel, program=program)
    files = {each.sha256: wheel for each in release.wheels}
    unpacking.unpack(release, files, root, free=lambda _folder: free_bytes)


def refused(wheel: Path, root: Path, **more: object) -> tuple[str, bool]:
    with pytest.raises(ReleaseRefused) as failure:
        take(wheel, root, **more)  # type: ignore[arg-type]
    assert not [path for path in root.glob("*") if path.is_dir()]
    return failure.value.code, failure.value.lasting


def test_a_whole_program_stands_beside_the_others_with_its_compiled_files(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2")
    for _ in range(2):
        take(wheel, tmp_path / "root")
    assert launch_state.is_whole(tmp_path / "root", "1.2")
    assert list((tmp_path / "root" / "1.2" / "speaker_node" / "__pycache__").glob("agent.*.pyc"))
    assert [path.name for path in (tmp_path / "root").iterdir()] == ["1.2"]


def test_a_wheel_that_is_not_the_signed_one_is_refused(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2")
    release = programs.order(wheel, program="1.2")
    files = {each.sha256: wheel for each in release.wheels}
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    with pytest.raises(ReleaseRefused) as failure:
        unpacking.unpack(release, files, tmp_path / "root")
    assert failure.value.code == ReleaseFailure.DAMAGED


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "loa_lang-1.2-py3-none-any.whl"
    wheel.write_bytes(b"PK" + bytes(100))
    assert refused(wheel, tmp_path / "root") == (ReleaseFailure.DAMAGED, True)


@pytest.mark.parametrize("name", ["../beside.py", "/etc/loa.py", "speaker_node/../../x.py"])
def test_a_wheel_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    wheel = programs.wheel(tmp_path, "1.2")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(name, "x")
    assert refused(wheel, tmp_path / "root") == (ReleaseFailure.DAMAGED, True)


def test_a_card_without_room_is_left_as_it_is_and_may_be_tried_again(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2")
    assert refused(wheel, tmp_path / "root", free_bytes=20_000_000) == (ReleaseFailure.NO_ROOM, False)
    take(wheel, tmp_path / "root")


def test_a_card_that_refuses_in_the_middle_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_folder: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(unpacking, "_sync_all", refuses)
    assert refused(programs.wheel(tmp_path, "1.2"), tmp_path / "root") == (ReleaseFailure.NOT_WRITTEN, False)


def test_a_program_that_crashes_at_import_is_never_started(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2", agent=b"import no_such_module\n")
    assert refused(wheel, tmp_path / "root") == (ReleaseFailure.CRASHED_AT_IMPORT, True)
    wheel = programs.wheel(tmp_path, "1.2", command=b"this is no Python")
    assert refused(wheel, tmp_path / "root") == (ReleaseFailure.CRASHED_AT_IMPORT, True)


def test_a_program_that_calls_itself_otherwise_is_refused(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2", calls_itself="1.1")
    assert refused(wheel, tmp_path / "root") == (ReleaseFailure.WRONG_VERSION, True)


def test_compiled_libraries_of_a_wheel_go_where_python_finds_them(tmp_path: Path) -> None:
    wheel = programs.wheel(tmp_path, "1.2")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("loa_lang-1.2.data/platlib/fast.py", "x = 1")
        archive.writestr("loa_lang-1.2.data/scripts/loa", "#!python")
    take(wheel, tmp_path / "root")
    found = tmp_path / "root" / "1.2"
    assert (found / "fast.py").is_file()
    assert not list(found.rglob("loa"))


def test_versions_that_no_link_leads_to_go(tmp_path: Path) -> None:
    for version in ("1.1", "1.2", "1.3", "1.4.new"):
        (tmp_path / version / "speaker_node").mkdir(parents=True)
        (tmp_path / version / "speaker_node" / "__main__.py").write_text("")
    launch_state.link(tmp_path, launch_state.CURRENT, "1.2")
    unpacking.prune(tmp_path, keep=frozenset({"1.3"}))
    assert sorted(path.name for path in tmp_path.iterdir() if not path.is_symlink()) == ["1.2", "1.3"]


@pytest.mark.long
def test_a_node_killed_before_any_step_starts_a_whole_program_and_ends_with_the_new_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rig.releases.walk", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 50
    assert {each["started"] for each in found} == {"1.1", "1.2"}
    assert all(each["whole"] and each["end"] == "1.2" for each in found)
