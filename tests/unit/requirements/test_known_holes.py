"""Pinned versions against a list of advisories, without a network."""

import json
import zipfile
from pathlib import Path

import pytest

from requirements import known_holes, pins
from requirements.pins import Pin


def advisory(**affected: object) -> dict[str, object]:
    package = {"ecosystem": "PyPI", "name": "Some_Package"}
    return {"id": "PYSEC-2026-1", "summary": "A hole.", "affected": [{"package": package, **affected}]}


def between(*events: dict[str, str]) -> dict[str, object]:
    return advisory(ranges=[{"type": "ECOSYSTEM", "events": list(events)}])


FIXED = between({"introduced": "1.0"}, {"fixed": "1.5"})
LAST = between({"introduced": "0"}, {"last_affected": "1.2"})


@pytest.mark.parametrize(
    ("known", "version", "hit"),
    [
        (FIXED, "1.4.9", True),
        (FIXED, "1.5", False),
        (FIXED, "0.9", False),
        (LAST, "1.2", True),
        (LAST, "1.2.1", False),
        (advisory(versions=["2.0"]), "2.0", True),
        (advisory(versions=["2.0"]), "2.1", False),
        (FIXED | {"withdrawn": "2026-01-01T00:00:00Z"}, "1.4", False),
    ],
)
def test_a_version_is_judged_as_osv_means_it(known: dict[str, object], version: str, hit: bool) -> None:
    pinned = [Pin("some-package", version, ()), Pin("other", version, ())]
    assert bool(list(known_holes.holes(pinned, [known]))) is hit


def test_a_list_is_a_folder_or_a_zip(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(FIXED))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("one.json", json.dumps(FIXED))
    assert list(known_holes.advisories(tmp_path)) == list(known_holes.advisories(tmp_path / "all.zip")) == [FIXED]


def test_without_a_list_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ADVISORIES", "/nowhere")
    assert known_holes.main([]) == 0
    assert "nothing was compared" in capsys.readouterr().out


def test_a_hole_in_a_pinned_version_fails_and_an_accepted_one_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pinned = pins.every()[0]
    package = {"ecosystem": "PyPI", "name": pinned.name}
    (tmp_path / "one.json").write_text(
        json.dumps(FIXED | {"affected": [{"package": package, "versions": [pinned.version]}]})
    )
    assert known_holes.main([str(tmp_path)]) == 1
    monkeypatch.setattr(known_holes, "accepted", lambda: {"PYSEC-2026-1": "not called"})
    assert known_holes.main([str(tmp_path)]) == 0
    assert "accepted: not called" in capsys.readouterr().out
