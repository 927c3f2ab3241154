"""The wheel for updates over the air: what a node runs, and always the same bytes."""

import subprocess
import sys
import zipfile
from pathlib import Path

from broadcaster.protocol.release import ReleaseReport, fits
from deploy.packages import node_wheel


def test_it_holds_the_node_and_nothing_else_and_is_made_alike_each_time(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        made.append(node_wheel.write(folder, "1.2", node_wheel.sources()))
    assert made[0].read_bytes() == made[1].read_bytes()
    assert made[0].stat().st_size < 400_000
    names = zipfile.ZipFile(made[0]).namelist()
    assert {name.split("/")[0] for name in names} == {"speaker_node", "broadcaster", "loa_lang-1.2.dist-info"}
    assert not [name for name in names if name.startswith("broadcaster/station")]
    assert fits(made[0].name, ReleaseReport(python="3.11", machine="aarch64", glibc="2.36"))


def test_a_node_starts_from_it(tmp_path: Path) -> None:
    made = node_wheel.write(tmp_path, "1.2", node_wheel.sources())
    code = (
        "import speaker_node.agent, broadcaster.protocol.agenda, importlib.metadata as m; print(m.version('loa-lang'))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={"PYTHONPATH": str(made)},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert done.stdout.strip() == "1.2"
