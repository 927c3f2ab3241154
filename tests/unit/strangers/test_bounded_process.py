"""What a process that reads a stranger's file can and cannot do, seen from outside."""

import shutil
import socket
import time
from pathlib import Path

import pytest

from broadcaster.strangers import BoundedResult, Bounds, Refused, run, running
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.long

HOSTILE = Path(__file__).with_name("hostile.py")
MIBIBYTE = 1 << 20


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run a function of ``hostile.py``, which stands where the house's own code stands."""
    shutil.copytree(
        Path(running.__file__).parents[1] / "strangers",
        tmp_path / "root" / "broadcaster" / "strangers",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (tmp_path / "root" / "broadcaster" / "__init__.py").touch()
    shutil.copy(HOSTILE, tmp_path / "root" / "broadcaster" / "hostile.py")
    monkeypatch.setattr(running, "_ROOT", tmp_path / "root")

    def read(name: str, data: bytes = b"", *, bounds: Bounds | None = None, **options: object) -> BoundedResult:
        return run(f"broadcaster.hostile:{name}", data, options=options, bounds=bounds)

    return read


def test_bytes_and_options_go_in_and_facts_and_bytes_come_out(reading) -> None:
    answer = reading("backwards", b"abc\n\x00\xff", speed=3)
    assert answer.content == b"\xff\x00\ncba"
    assert answer.facts == {"asked": {"speed": 3}}
    assert "limits" in answer.guards


def test_the_process_sees_no_variable_of_ours_and_stands_in_an_empty_folder(reading, monkeypatch) -> None:
    monkeypatch.setenv("LOA_SECRET_KEY", "very secret")
    facts = reading("surroundings").facts
    assert not [name for name in facts["environment"] if name.startswith("LOA")]
    assert facts["session"]
    assert not Path(facts["folder"]).exists()


def test_a_reading_that_never_ends_is_killed(reading) -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as refusal:
        reading("forever", bounds=Bounds(seconds=1))
    assert refusal.value.code == "took_too_long"
    assert time.monotonic() - began < stretched(20)


def test_a_reading_that_burns_the_processor_is_ended_by_the_kernel(reading) -> None:
    with pytest.raises(Refused) as refusal:
        reading("busy", bounds=Bounds(seconds=60, processor_seconds=1))
    assert refusal.value.code == "took_too_long"


def test_memory_is_bounded(reading) -> None:
    with pytest.raises(Refused) as refusal:
        reading("greedy", bounds=Bounds(memory_bytes=256 * MIBIBYTE), bytes=512 * MIBIBYTE)
    assert refusal.value.code == "too_much_memory"


def test_an_answer_larger_than_allowed_is_refused_and_never_cut(reading) -> None:
    with pytest.raises(Refused) as refusal:
        reading("greedy", bounds=Bounds(answer_bytes=MIBIBYTE), bytes=2 * MIBIBYTE)
    assert refusal.value.code == "too_much_answer"


def test_a_refusal_keeps_its_code_and_facts(reading) -> None:
    with pytest.raises(Refused) as refusal:
        reading("refusing")
    assert (refusal.value.code, refusal.value.facts) == ("encrypted", {"pages": 3})


@pytest.mark.parametrize("name", ["failing", "crashing"])
def test_a_crash_is_told_without_private_details(reading, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        reading(name)
    assert refusal.value.code == "crashed"
    assert "private" not in str(refusal.value.facts)


def test_a_secret_beside_the_code_cannot_be_read(reading, tmp_path: Path) -> None:
    secret = tmp_path / "root" / "data" / "station.key"
    secret.parent.mkdir()
    secret.write_text("very secret")
    if "files" not in reading("backwards").guards:
        pytest.skip("this kernel has no Landlock")
    with pytest.raises(Refused) as refusal:
        reading("opening", path=str(secret))
    assert refusal.value.facts == {"error": "PermissionError"}


def test_no_file_can_be_written_outside_the_folder_and_none_too_large_inside(reading, tmp_path: Path) -> None:
    if "files" in reading("backwards").guards:
        with pytest.raises(Refused):
            reading("writing", path=str(tmp_path / "left behind"), bytes=1)
        assert not (tmp_path / "left behind").exists()
    with pytest.raises(Refused):
        reading("writing", path="large", bytes=2 * MIBIBYTE, bounds=Bounds(answer_bytes=MIBIBYTE))


def test_the_network_cannot_be_reached(reading) -> None:
    if not {"network", "calls"} & set(reading("backwards").guards):
        pytest.skip("this kernel lets no process give up its network")
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Refused) as refusal:
        reading("calling", port=server.getsockname()[1])
    assert refusal.value.code == "crashed"


def test_another_program_starts_only_where_the_bounds_permit_it(reading) -> None:
    assert reading("starting", bounds=Bounds(may_start_programs=True)).facts == {"said": "started\n"}
    if "calls" in reading("backwards").guards:
        with pytest.raises(Refused):
            reading("starting")


def test_what_the_process_started_goes_with_it(reading) -> None:
    pid = reading("orphaning", bounds=Bounds(may_start_programs=True)).facts["pid"]
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
