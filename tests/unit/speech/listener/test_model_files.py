import sys
from pathlib import Path

import pytest

from broadcaster.speech.listener.model_files import COMPANIONS, PARTS, model_folder


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The two packages, with a few bytes in place of their halves."""
    for (package, name), content in zip(PARTS, (b"first ", b"second"), strict=True):
        data = tmp_path / "packages" / package / "data"
        data.mkdir(parents=True)
        (data / name).write_bytes(content)
        if package == PARTS[-1][0]:
            for companion in COMPANIONS:
                (data / companion).write_text("{}")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    return tmp_path / "packages"


@pytest.mark.usefixtures("packages")
def test_the_halves_are_joined_once_with_what_stands_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "listener"
    assert model_folder(folder) == folder
    assert (folder / "model.bin").read_bytes() == b"first second"
    (folder / "model.bin").write_bytes(b"another model, laid there by the operator")
    assert model_folder(folder) == folder
    assert (folder / "model.bin").read_bytes().startswith(b"another")


def test_without_the_packages_there_is_no_listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    assert model_folder(tmp_path / "listener") is None
    assert not (tmp_path / "listener").exists()
