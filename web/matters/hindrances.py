"""What hinders the station just now: what its delivery reports, and what is seen from here."""

from broadcaster.station.database import disk_space
from broadcaster.station.rows import heartbeats
from broadcaster.station.upkeep import soundness
from web.shell.services import services
from web.translations.languages import gettext as _

WRITE_SECONDS = 0.5
"""A database that gives nobody its lock for so long is not well."""


def seen() -> list[str]:
    """By name, in order. Raises Unavailable when the database cannot even be read."""
    parts = services()
    with parts.database.reading() as s:
        publisher = heartbeats.read(s).get("publisher")
        damaged = soundness.is_damaged(s)
    found = {*(publisher.detail.get("hindrances", ()) if publisher else ())}
    if damaged:
        found.add("database_damaged")
    if not parts.database.takes_writes(WRITE_SECONDS):
        found.add("database_refuses")
    if parts.overload.lately:
        found.add("console_crowded")
    if disk_space.is_scarce(parts.config.data_dir):
        found.add("disk_scarce")
    return sorted(found)


def sentences(names: list[str]) -> list[str]:
    """For those who can do something about it, in the asker's language."""
    stated = {
        "clock_unvouched": _(
            "Đồng hồ máy của đài không đáng tin: đài tạm ngừng xếp lịch, chốt kết quả và dọn tệp. "
            "Kiểm tra giờ máy và bật đồng bộ giờ (chrony)."
        ),
        "broker_untold": _("Máy chủ tin nhắn (MQTT) dùng chung không biết tài khoản các cụm loa. Báo kỹ thuật viên."),
        "broker_crowded": _("Máy chủ tin nhắn (MQTT) đang bị nhiều kết nối lạ chiếm chỗ. Báo kỹ thuật viên."),
        "console_crowded": _(
            "Bàn điều khiển đang có quá nhiều kết nối; lệnh khẩn cấp vẫn được nhận. Báo kỹ thuật viên."
        ),
        "database_damaged": _(
            "Cơ sở dữ liệu của đài bị hỏng. Báo kỹ thuật viên dừng đài và khôi phục bản sao lưu gần nhất (loa restore)."
        ),
        "database_refuses": _("Cơ sở dữ liệu không cho ghi: bị chương trình khác giữ hoặc đĩa đầy. Báo kỹ thuật viên."),
        "disk_scarce": _("Ổ đĩa của đài sắp đầy. Báo kỹ thuật viên dọn bớt."),
        "enrolment_closed": _(
            "Cổng cấp mã cho cụm loa mới không mở được vì chương trình khác đang giữ: mã không dùng được. "
            "Báo kỹ thuật viên (enrolment.port)."
        ),
        "enrolment_crowded": _("Cổng cấp mã cho cụm loa mới đang bị nhiều kết nối lạ chiếm chỗ. Báo kỹ thuật viên."),
        "intake_behind": _("Đài đang nhận rất nhiều tin từ cụm loa; tình trạng trên trang có thể chậm vài phút."),
        "second_station": _("Có máy thứ hai xưng là đài này. Xem trang chủ và tắt máy thừa."),
        "node_floods": _("Có cụm loa gửi quá nhiều tin và đang bị bỏ qua. Xem các việc cần xử lý."),
    }
    return [stated[name] for name in names if name in stated]
