"""Papers through the API: text or file in, lines with roles, the announcement and fields out. Nothing is saved."""

from flask import request

from broadcaster.errors import Invalid
from broadcaster.paper_files import LARGEST_BYTES, FileText, read_file
from broadcaster.text.papers import LONGEST_LETTERS, PastedPaper, announcement, read_pasted, title_for_form
from broadcaster.text.pastes import KINDS, sentence_for
from web.api.endpoints import Call, Endpoint
from web.papers import bodies
from web.security.access import somewhere
from web.shell.services import services


def receive() -> FileText:
    """The body's text."""
    return read_file(request.stream.read(LARGEST_BYTES + 1))


def read_text(call: Call) -> bodies.Paper:
    wanted: bodies.PaperText = call.body
    unknown = [kind for kind in wanted.leave if kind not in KINDS]
    if unknown:
        raise Invalid("paper.repair_unknown", kind=unknown[0][:40], known=", ".join(KINDS), field="leave")
    return _answer_of(FileText(wanted.text, "text", "text"), leave=wanted.leave)


def read_a_file(call: Call) -> bodies.Paper:
    return _answer_of(call.body, leave=())


def _answer_of(file: FileText, *, leave: tuple[str, ...]) -> bodies.Paper:
    if not file.text.strip():
        raise Invalid("paper.not_given", field="text")
    if len(file.text) > LONGEST_LETTERS:
        raise Invalid("paper.too_long", letters=len(file.text), most=LONGEST_LETTERS, field="text")
    pasted = read_pasted(file.text, leave=leave, today=services().today)
    return bodies.Paper(
        lines=[
            bodies.Line(line=each.line, text=each.text, role=each.role, spoken=each.spoken, said=each.said)
            for each in pasted.paper.lines
        ],
        fields=_fields(pasted),
        announcement=announcement(pasted.paper),
        repairs=[
            bodies.Repair(kind=each.kind, sentence=sentence_for(each.kind), places=len(each.places))
            for each in pasted.findings
        ],
        read_by=file.read_by,
    )


def _fields(pasted: PastedPaper) -> bodies.Fields:
    found = pasted.paper.fields
    return bodies.Fields(
        number=found.number,
        kind=found.kind,
        title=found.title,
        title_for_form=title_for_form(found),
        issuer=found.issuer,
        issued_on=found.issued_on.isoformat() if found.issued_on else None,
        valid_until=found.valid_until.isoformat() if found.valid_until else None,
        hamlets=list(found.hamlets),
        phones=list(found.phones),
        accounts=[bodies.Account(number=each.number, bank=each.bank) for each in found.accounts],
        amounts=[bodies.Amount(vnd=each.vnd, text=each.text) for each in found.amounts],
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/papers",
        access=somewhere("write"),
        summary="Đọc một văn bản hành chính: vai trò từng dòng, dòng nào đọc, các mục cho biểu mẫu. Không lưu gì.",
        act=read_text,
        takes=bodies.PaperText,
        gives=bodies.Paper,
    ),
    Endpoint(
        method="POST",
        path="/papers/file",
        access=somewhere("write"),
        summary="Như trên, thân yêu cầu là tệp .docx, .pdf, .txt hoặc ảnh (khi máy chủ có Tesseract).",
        act=read_a_file,
        receives=receive,
        receives_media="application/octet-stream",
        gives=bodies.Paper,
    ),
)
