"""``loa paper FILE``: an official paper as lines with roles, the announcement it becomes, and fields for the form."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from broadcaster.errors import LoaError
from broadcaster.paper_files import FileText, read_file
from broadcaster.refusals.sentences import terminal_line
from broadcaster.text.papers import PastedPaper, announcement, read_pasted, title_for_form
from broadcaster.text.pastes import sentence_for
from broadcaster.text.warnings import warning_in

_STRUCK = "\u0336"


def main(argv: Sequence[str]) -> int:
    """Run the command; 0, or 1 with one sentence on stderr, or 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        file = read_file(_bytes(arguments.file))
    except (LoaError, OSError) as error:
        print(terminal_line(error), file=sys.stderr)
        return 1
    pasted = read_pasted(file.text, leave=arguments.leave, today=arguments.today)
    if arguments.json:
        print(json.dumps(as_json(file, pasted, today=arguments.today), ensure_ascii=False, indent=1))
    else:
        _print(pasted)
        if warning := warning_in(pasted.paper, today=arguments.today):
            print(f"cảnh báo: {warning.event}, {warning.severity}, {warning.urgency}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loa paper", description="Đọc một văn bản hành chính: dòng nào đọc, dòng nào bỏ."
    )
    parser.add_argument("file", metavar="FILE", help="tệp .txt, .docx, .pdf hoặc ảnh; dấu - để đọc từ đầu vào chuẩn")
    parser.add_argument("--json", action="store_true", help="in dạng JSON: lines, fields, announcement, repairs")
    parser.add_argument("--leave", action="append", default=[], metavar="KIND", help="không sửa lỗi dán loại này")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, metavar="NGÀY", help="năm cho ngày không ghi năm (2026-06-01)"
    )
    return parser


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def as_json(file: FileText, pasted: PastedPaper, *, today: date | None = None) -> dict[str, Any]:
    """What programs get: each line with its role, the fields, the announcement, and what was repaired in the paste.

    ``warning`` is null unless the paper is a warning of the weather service.
    """
    fields = pasted.paper.fields
    return {
        "lines": [
            {"line": line.line, "text": line.text, "role": line.role, "spoken": line.spoken, "said": line.said}
            for line in pasted.paper.lines
        ],
        "fields": {
            **asdict(fields),
            "title_for_form": title_for_form(fields),
            "issued_on": fields.issued_on and fields.issued_on.isoformat(),
            "valid_until": fields.valid_until and fields.valid_until.isoformat(),
        },
        "announcement": announcement(pasted.paper),
        "warning": _warning(pasted, today),
        "repairs": [
            {"kind": finding.kind, "sentence": sentence_for(finding.kind), "places": len(finding.places)}
            for finding in pasted.findings
        ],
        "kind_of_file": file.kind,
        "read_by": file.read_by,
    }


def _warning(pasted: PastedPaper, today: date | None) -> dict[str, Any] | None:
    found = warning_in(pasted.paper, today=today)
    if found is None:
        return None
    moments = {name: getattr(found, name) for name in ("issued_on", "issued_at", "expires_at")}
    return asdict(found) | {name: at and at.isoformat() for name, at in moments.items()}


def _print(pasted: PastedPaper) -> None:
    for finding in pasted.findings:
        print(f"({sentence_for(finding.kind)})")
    for line in pasted.paper.lines:
        if line.role == "blank":
            print()
            continue
        shown = line.said if line.spoken else "".join(letter + _STRUCK for letter in line.text.strip())
        print(f"{line.role:<10} {'đọc' if line.spoken else ' – '}  {shown}")
    fields = pasted.paper.fields
    print()
    for name, value in (
        ("số", fields.number),
        ("loại", fields.kind),
        ("tiêu đề", title_for_form(fields)),
        ("nơi ban hành", fields.issuer),
        ("hết hiệu lực", fields.valid_until and f"{fields.valid_until:%d/%m/%Y}"),
        ("thôn", ", ".join(fields.hamlets)),
        ("điện thoại", ", ".join(fields.phones)),
        ("tài khoản", ", ".join(f"{account.number} {account.bank}".strip() for account in fields.accounts)),
        ("số tiền", ", ".join(amount.text for amount in fields.amounts)),
    ):
        if value:
            print(f"{name}: {value}")
