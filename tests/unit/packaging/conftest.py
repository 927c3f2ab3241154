"""The project as it is installed: a wheel built from what is tracked, unpacked, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("loa", "broadcaster", "scheduler", "web", "speaker_node")


@dataclass(frozen=True)
class Wheel:
    """tracked: files of our rooms in git; packed: files of our rooms in the wheel; site: the wheel, unpacked."""

    tracked: set[str]
    packed: set[str]
    site: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git here, so nobody knows what is tracked")
    files = [file for file in listed.stdout.splitlines() if (ROOT / file).is_file()]
    folder = tmp_path_factory.mktemp("wheel")
    for file in files:
        (folder / "tree" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / "tree" / file)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run([*build, "--wheel-dir", str(folder)], cwd=folder / "tree", check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as packed:
        packed.extractall(folder / "site")
        names = {name for name in packed.namelist() if name.split("/")[0] in ROOMS}
    return Wheel({file for file in files if file.split("/")[0] in ROOMS}, names, folder / "site")
