"""Reasons are kept as codes with facts. A sentence whose code is known becomes it; others stay as they were written."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CODES = {
    "Khung giờ đã đổi lịch hoặc tạm nghỉ ngày này.": "occurrence.rule_changed",
    "Khung giờ đã bị bỏ.": "occurrence.slot_removed",
    "Đài không hoạt động vào giờ phát.": "occurrence.station_off",
    "Chưa có bản tin nào trong khung giờ.": "programme.nothing",
    "Lời chào hoặc lời kết đang được tạo.": "programme.frame_being_made",
    "Cụm loa không còn trong khu vực phát.": "delivery.node_left_zone",
    "Cụm loa không báo đã phát trước khi hết hạn.": "delivery.silent",
    "Đã bắt đầu phát nhưng cụm loa chưa báo phát xong.": "delivery.unfinished",
    "Đã hủy; cụm loa chưa xác nhận.": "delivery.cancel_unconfirmed",
    "Cụm loa không hoạt động hoặc chưa nhận được lịch vào giờ phát.": "receipt.node_off",
    "Đang có lệnh dừng phát toàn bộ.": "receipt.stop_all",
    "Cụm loa đang bị tắt tiếng tại chỗ.": "receipt.local_switch",
    "Cụm loa chưa tải đủ tệp phát trước giờ phát.": "receipt.clip_missing",
    "Rơi vào giờ yên tĩnh, chỉ bản tin khẩn cấp được phát.": "receipt.quiet_hours",
    "Cụm loa bận phát bản tin khác cho đến hết thời hạn.": "receipt.node_busy",
    "Nhường chỗ cho bản tin khẩn cấp.": "receipt.emergency_first",
    "Lượt phát đã bị hủy.": "receipt.cancelled",
    "Hết thời hạn phát khi chưa phát xong.": "receipt.out_of_time",
    "Cụm loa mất điện hoặc khởi động lại khi đang phát.": "receipt.node_restarted",
    "Chương trình của cụm loa được tắt khi đang phát.": "receipt.node_shut_down",
    "Cụm loa mất sổ phát nên không phát lại để tránh phát hai lần.": "receipt.ledger_lost",
    "Bị ngắt giữa chừng và không còn đủ thời gian để phát lại từ đầu.": "receipt.no_time_to_repeat",
    "Tạo tệp phát bị lỗi ngoài dự kiến. Hãy bấm tạo lại; nếu vẫn lỗi, hãy báo người quản trị.": "clip.unknown_fault",
    "đang chờ": "stage.waiting",
    "đang đọc": "stage.reading",
    "đang đọc tệp ghi âm": "stage.reading_recording",
    "đang chỉnh âm thanh cho loa": "stage.shaping",
    "đang ghi tệp phát": "stage.writing",
    "Công tắc tại chỗ đang tắt tiếng.": "node.muted",
    "Không mở được thiết bị âm thanh; hãy kiểm tra dây và âm ly.": "node.no_sound_device",
    "Điện yếu; hãy kiểm tra nguồn.": "node.under_voltage",
    "Thẻ nhớ sắp đầy.": "node.card_almost_full",
}
COLUMNS = (
    ("clips", "fallback_reason"),
    ("house_clips", "error"),
    ("render_jobs", "error"),
    ("render_jobs", "stage"),
    ("occurrences", "reason"),
    ("deliveries", "reason"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        _recode(table, column)
    _recode_matters()


def _recode(table: str, column: str) -> None:
    """Receipts stay as they were stated: their table takes no changes, and a sentence in it is read as one."""
    row = sa.table(table, sa.column(column, sa.Text))
    written = row.c[column]
    known = sa.select(written).where(written.is_not(None), written != "", written.not_like("{%")).distinct()
    for (text,) in op.get_bind().execute(known).all():
        op.execute(sa.update(row).where(written == text).values({column: _coded(text)}))


def _recode_matters() -> None:
    matters = sa.table("matters", sa.column("id", sa.Text), sa.column("details", sa.JSON))
    connection = op.get_bind()
    for row_id, details in connection.execute(sa.select(matters.c.id, matters.c.details)).all():
        changed = {name: _detail(name, value) for name, value in details.items()}
        if changed != details:
            connection.execute(sa.update(matters).where(matters.c.id == row_id).values(details=changed))


def _detail(name: str, value: Any) -> Any:
    if name == "reasons":
        return [_coded(each) for each in value]
    return _coded(value) if name in ("reason", "problem") and value else value


def _coded(text: str) -> str:
    if text.startswith("{"):
        return text
    code = CODES.get(text)
    reason = {"code": code, "facts": {}} if code else {"code": "reason.as_written", "facts": {"words": text}}
    return json.dumps(reason, ensure_ascii=False, separators=(",", ":"))
