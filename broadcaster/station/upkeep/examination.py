"""What a doctor asks of a station: one function per question, each answering with findings and remedies."""

import hashlib
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import FILE, StationIdentity
from broadcaster.station.people import people
from broadcaster.station.programmes import moments
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Clip, RenderJob
from broadcaster.station.vocabulary.local_time import spoken_time
from broadcaster.station.vocabulary.states import JobState

LEAST_BYTES = 500_000_000
SILENT = timedelta(minutes=1)
FIRST_YEAR = 2025
PARTS = {"station": "dịch vụ của đài", "publisher": "bộ phận gửi lịch", "renderer": "bộ phận tạo tệp phát"}


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "tốt"
    LOOK = "chú ý"
    BAD = "lỗi"


@dataclass(frozen=True, slots=True)
class Finding:
    """grade: how bad; sentence: subject, fact and remedy, in Vietnamese."""

    grade: Grade
    sentence: str


@dataclass(frozen=True, slots=True)
class Patient:
    """config, database: of the station; now_at: when it is asked."""

    config: Config
    database: Database
    now_at: datetime


Question = Callable[[Patient], Iterator[Finding]]


def examine(patient: Patient) -> list[Finding]:
    """Every question, in order; a question that cannot be answered is itself a finding."""
    findings: list[Finding] = []
    for question in QUESTIONS:
        try:
            findings += question(patient)
        except (LoaError, OSError) as error:
            findings.append(_bad(str(error)))
    return findings


def _clock(patient: Patient) -> Iterator[Finding]:
    if patient.now_at.year < FIRST_YEAR:
        yield _bad(f"Đồng hồ máy chủ đang ở năm {patient.now_at.year}. Hãy bật đồng bộ giờ (chrony).")
    else:
        yield _good(f"Giờ máy chủ (UTC): {patient.now_at:%H:%M %d/%m/%Y}.")


def _queue(patient: Patient) -> Iterator[Finding]:
    """What the scheduler does next, from the tables that it derives its jobs from."""
    ahead = timedelta(hours=patient.config.schedule.freeze_hours)
    with patient.database.reading() as s:
        coming = moments.coming(s, now_at=patient.now_at, ahead=ahead)
    if coming:
        first = coming[0]
        yield _good(f"{len(coming)} việc theo giờ đang chờ; gần nhất {spoken_time(first.at)}: {first.title}.")


def _disk(patient: Patient) -> Iterator[Finding]:
    folder = patient.config.data_dir
    free = shutil.disk_usage(folder if folder.exists() else folder.absolute().parent).free
    sentence = f"Còn trống {free // 1_000_000} MB ở {folder}."
    yield _good(sentence) if free >= LEAST_BYTES else _bad(f"{sentence} Hãy dọn bớt đĩa.")


def _database(patient: Patient) -> Iterator[Finding]:
    with patient.database.reading() as s:
        if s.get_bind().dialect.name == "sqlite":
            answer = s.scalar(text("PRAGMA quick_check"))
            if answer != "ok":
                yield _bad(f"Cơ sở dữ liệu bị hỏng ({answer}). Hãy khôi phục bản sao lưu bằng “loa restore”.")
                return
        yield _good("Cơ sở dữ liệu đọc được và nguyên vẹn.")
        yield from _audit(s)
        if not people.count(s):
            yield _look("Chưa có người dùng nào. Hãy thêm bằng “loa users add”.")


def _audit(s: Session) -> Iterator[Finding]:
    problems = audit.verify(s)
    for problem in problems[:5]:
        yield _bad(f"{problem.sentence} Có người đã sửa dữ liệu bên ngoài phần mềm.")
    if not problems:
        yield _good("Nhật ký thao tác liền mạch.")


def _key(patient: Patient) -> Iterator[Finding]:
    path = patient.config.data_dir / FILE
    if not path.exists():
        yield _look("Chưa có khóa ký của đài; khóa được tạo khi đài chạy lần đầu.")
        return
    StationIdentity.load_or_create(patient.config.data_dir, patient.config.station.id)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _bad(f"Người khác đọc được khóa {path}. Hãy chạy: chmod 600 {path}")
    else:
        yield _good("Khóa ký của đài đọc được và được giữ kín.")


def _clips(patient: Patient) -> Iterator[Finding]:
    with patient.database.reading() as s:
        needed = clips.in_use(s, patient.now_at)
        known = s.scalar(select(func.count()).select_from(Clip)) or 0
    lost = [sha for sha in sorted(needed) if not _sound(patient, sha)]
    for sha in lost[:5]:
        yield _bad(f"Tệp phát {sha[:12]}… bị mất hoặc hỏng. Hãy khôi phục bản sao lưu, hoặc sửa bản tin để tạo lại.")
    if not lost:
        yield _good(f"Tệp phát: {known} tệp, {len(needed)} đang dùng đều nguyên vẹn.")


def _sound(patient: Patient, sha: str) -> bool:
    path = clips.path(patient.config.clips_dir, sha)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha


def _parts(patient: Patient) -> Iterator[Finding]:
    with patient.database.reading() as s:
        beats = heartbeats.read(s)
        failed = select(func.count()).where(RenderJob.state == JobState.FAILED)
        recent = s.scalar(failed.where(RenderJob.ended_at > patient.now_at - timedelta(days=1))) or 0
    for name, words in PARTS.items():
        beat = beats.get(name)
        if beat is None or patient.now_at - beat.at > SILENT:
            yield _look(f"Không thấy {words} hoạt động. Nếu đài phải đang chạy, hãy khởi động lại “loa station”.")
        else:
            yield _good(f"Có {words}.")
    if recent:
        yield _look(f"Trong 24 giờ qua có {recent} lần tạo tệp phát bị lỗi. Hãy xem các bản tin đó.")


def _nodes(patient: Patient) -> Iterator[Finding]:
    with patient.database.reading() as s:
        views = nodes.board(s, now_at=patient.now_at)
    for view in views:
        if view.reasons:
            yield _look(f"{view.node.name}: {' '.join(view.reasons)}")
    yield _good(f"Cụm loa: {sum(view.presence == 'online' for view in views)}/{len(views)} đang kết nối.")


QUESTIONS: tuple[Question, ...] = (_clock, _disk, _database, _key, _clips, _parts, _nodes, _queue)


def _good(sentence: str) -> Finding:
    return Finding(Grade.GOOD, sentence)


def _look(sentence: str) -> Finding:
    return Finding(Grade.LOOK, sentence)


def _bad(sentence: str) -> Finding:
    return Finding(Grade.BAD, sentence)
