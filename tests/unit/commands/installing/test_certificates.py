"""`loa certificates` shows the authority, writes its public half, and renews what this machine shows."""

from pathlib import Path

import pytest

from broadcaster.commands.installing import certificates

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("LOA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LOA_BROKER__PUBLIC_HOST", "10.8.0.1")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data" / "certificates"


def test_the_authority_and_the_names_it_is_good_for_are_shown(capsys: Output) -> None:
    assert certificates.main(["show"]) == 0
    said = capsys.readouterr().out
    assert "10.8.0.1" in said
    assert certificates.main(["show"]) == 0
    assert capsys.readouterr().out == said


def test_what_browsers_import_holds_no_key(data: Path, tmp_path: Path) -> None:
    assert certificates.main(["export", "-o", str(tmp_path / "root.crt")]) == 0
    written = (tmp_path / "root.crt").read_text()
    assert written == (data / "authority.pem").read_text()
    assert "PRIVATE" not in written
    assert certificates.main(["export", "-o", str(tmp_path / "none" / "root.crt")]) == 1


def test_renewing_gives_this_machine_another_certificate_by_the_same_authority(data: Path) -> None:
    certificates.main(["show"])
    before = {name: (data / name).read_text() for name in ("authority.pem", "server.pem")}
    assert certificates.main(["renew"]) == 0
    assert (data / "authority.pem").read_text() == before["authority.pem"]
    assert (data / "server.pem").read_text() != before["server.pem"]
