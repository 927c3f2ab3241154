"""Secrets by their shape, and nothing that only looks random."""

from pathlib import Path

import pytest

from requirements import secrets_scan

KNOWN = list(secrets_scan.shapes())


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "token = 'loa_" + "a5KTfjAHxNz885mNRo68x9A-X379IASx_FWdqtnt5ds'",
        '{"station": "x", "seed": "' + "0f" * 32 + '"}',
        "gh" + "p_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx",
    ],
)
def test_a_secret_is_found_and_named_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(f"first\n{line}\n", encoding="utf-8")
    assert {number for number, _ in secrets_scan.found(path, KNOWN)} == {2}
    path.write_text(f"{line}  # {secrets_scan.ALLOWED}\n", encoding="utf-8")
    assert list(secrets_scan.found(path, KNOWN)) == []


def test_the_name_of_a_clip_is_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "clip.txt"
    path.write_text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n", encoding="utf-8")
    assert list(secrets_scan.found(path, KNOWN)) == []
