"""The command that joins a level above, against one on a real port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loa.commands import main
from tests.rig.exchange.sites import Lower, Planted, Upper

pytestmark = pytest.mark.integration


@pytest.fixture
def upper(tmp_path: Path, quick_passwords: None) -> Iterator[Upper]:
    planted = Planted(tmp_path)
    made = Upper.at(planted, tmp_path / "upper", "thai-nguyen", nodes_of_it=0)
    with made.served(planted):
        yield made


@pytest.fixture
def lower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lower]:
    made = Lower.at(Planted(tmp_path), tmp_path / "lower", "con-minh", nodes_of_it=0)
    monkeypatch.setenv("LOA_DATA_DIR", str(made.config.data_dir))
    monkeypatch.setenv("LOA_STATION__ID", "con-minh")
    monkeypatch.chdir(tmp_path)
    yield made
    made.close()


def test_a_code_joins_is_listed_and_left(upper: Upper, lower: Lower, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exchange", "join", str(upper.code("con-minh")), "--user", "quantri"]) == 0
    assert "Đã theo Thai-Nguyen" in capsys.readouterr().out
    assert main(["exchange", "list"]) == 0
    assert "Thai-Nguyen" in capsys.readouterr().out
    (level,) = lower.levels()
    assert main(["exchange", "leave", level.id, "--user", "quantri"]) == 0
    assert lower.levels() == []


def test_a_code_that_is_refused_leaves_nothing(upper: Upper, lower: Lower, capsys: pytest.CaptureFixture[str]) -> None:
    code = str(upper.code("khac"))
    assert main(["exchange", "join", code, "--user", "quantri"]) == 1
    assert lower.levels() == []
    assert main(["exchange", "join", "abc", "--user", "quantri"]) == 2
    upper.cut()
    assert main(["exchange", "join", code, "--user", "quantri"]) == 0
    assert "Mã đã được ghi lại" in capsys.readouterr().out
    assert len(lower.levels()) == 1
