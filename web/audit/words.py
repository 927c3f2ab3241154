"""The acts in the audit trail as people call them."""

from collections.abc import Mapping
from typing import Any

from broadcaster.station.audit.entries import SYSTEM
from broadcaster.station.schema import AuditEntry
from web.translations.languages import later as _l

BY_ITSELF = _l("hệ thống")
KINDS = {
    "announcement": _l("bản tin"),
    "broadcast": _l("lượt phát"),
    "slot": _l("khung giờ"),
    "emergency": _l("khẩn cấp"),
    "stop": _l("dừng toàn bộ"),
    "node": _l("cụm loa"),
    "unit": _l("thôn, bản"),
    "zone": _l("khu vực phát"),
    "person": _l("người dùng"),
    "token": _l("mã truy cập"),
    "dictionary": _l("từ điển đọc"),
    "pattern": _l("mẫu bản tin"),
    "settings": _l("cài đặt"),
    "voices": _l("giọng đọc"),
    "matter": _l("việc cần chú ý"),
    "audit": _l("sổ kiểm tra"),
    "station": _l("đài"),
    "public_page": _l("trang cho bà con"),
    "backup": _l("sao lưu"),
    "tune": _l("nhạc của đài"),
    "feedback": _l("phản ánh của bà con"),
    "relay_source": _l("nguồn tiếp sóng"),
    "live": _l("phát trực tiếp"),
    "alert": _l("cảnh báo"),
    "alert_source": _l("nguồn cảnh báo"),
    "alert_allowance": _l("cho tự phát"),
    "gauge": _l("trạm đo"),
    "gauge_rule": _l("ngưỡng của trạm đo"),
    "gauge_allowance": _l("cho loa tự kêu"),
    "offer": _l("bản tin cấp trên gửi"),
    "upper_level": _l("cấp trên"),
    "province_commune": _l("xã nối với tỉnh"),
    "province_item": _l("bản tin của tỉnh"),
    "release": _l("bản phần mềm cho loa"),
    "notice_channel": _l("kênh nhận tin"),
    "agenda": _l("lịch phát"),
    "receipts": _l("báo cáo của loa"),
}
"""The first part of an act's code, and what it is about."""

ACTS = {
    "backup.asked": _l("yêu cầu sao lưu ngay"),
    "backup.key_printed": _l("in khóa khôi phục mới"),
    "backup.key_confirmed": _l("dùng khóa khôi phục vừa in"),
    "announcement.created": _l("soạn bản tin"),
    "announcement.edited": _l("sửa bản tin"),
    "announcement.submitted": _l("gửi duyệt"),
    "announcement.approved": _l("duyệt"),
    "announcement.returned": _l("trả lại"),
    "announcement.rejected": _l("từ chối"),
    "announcement.withdrawn": _l("rút bản tin"),
    "announcement.voided": _l("duyệt mất hiệu lực vì sửa"),
    "broadcast.ordered": _l("ra lệnh phát"),
    "broadcast.cancelled": _l("hủy lượt phát"),
    "broadcasts.ordered": _l("xếp thứ tự lượt phát"),
    "slot.added": _l("thêm khung giờ"),
    "slot.edited": _l("sửa khung giờ"),
    "slot.removed": _l("bỏ khung giờ"),
    "slot.item_put": _l("đưa bản tin vào khung giờ"),
    "slot.item_taken_out": _l("lấy bản tin ra khỏi khung giờ"),
    "slot.reordered": _l("xếp lại thứ tự trong khung giờ"),
    "slot.date_moved": _l("dời một phiên phát"),
    "slot.date_left_out": _l("cho nghỉ một phiên phát"),
    "slot.date_restored": _l("khôi phục một phiên phát"),
    "agenda.carried": _l("ghi lịch phát ra USB"),
    "receipts.carried": _l("nhận báo cáo từ USB"),
    "dictionary.added": _l("thêm cách đọc"),
    "dictionary.removed": _l("bỏ cách đọc"),
    "dictionary.imported": _l("nhập từ điển đọc"),
    "pattern.added": _l("thêm mẫu bản tin"),
    "pattern.removed": _l("bỏ mẫu bản tin"),
    "notice_channel.added": _l("thêm kênh nhận tin"),
    "notice_channel.paired": _l("ghép kênh nhận tin"),
    "notice_channel.removed": _l("bỏ kênh nhận tin"),
    "person.deputy_chosen": _l("chọn người thay"),
    "release.uploaded": _l("nạp bản phần mềm cho loa"),
    "release.started": _l("bắt đầu cập nhật loa"),
    "release.paused": _l("tạm dừng cập nhật loa"),
    "release.resumed": _l("cập nhật loa tiếp"),
    "release.withdrawn": _l("rút bản phần mềm"),
    "release.stopped": _l("tự dừng cập nhật vì có loa hỏng"),
    "emergency.asked": _l("ra lệnh khẩn cấp, chờ người thứ hai"),
    "emergency.aired": _l("phát lệnh khẩn cấp"),
    "emergency.refused": _l("không đồng ý lệnh khẩn cấp"),
    "emergency.ended": _l("kết thúc báo động"),
    "emergency.reviewed": _l("xem lại lệnh đã phát"),
    "alert.paper_taken": _l("soạn lệnh từ bản tin dán vào"),
    "alert_source.added": _l("thêm nguồn cảnh báo"),
    "alert_source.closed": _l("bỏ nguồn cảnh báo"),
    "alert_allowance.asked": _l("đề nghị cho cảnh báo tự phát"),
    "alert_allowance.confirmed": _l("đồng ý cho cảnh báo tự phát"),
    "alert_allowance.ended": _l("thôi cho cảnh báo tự phát"),
    "gauge.added": _l("thêm trạm đo"),
    "gauge.token_renewed": _l("đổi mã của trạm đo"),
    "gauge.closed": _l("bỏ trạm đo"),
    "gauge_rule.added": _l("thêm ngưỡng"),
    "gauge_rule.changed": _l("đổi ngưỡng"),
    "gauge_rule.closed": _l("bỏ ngưỡng"),
    "gauge_allowance.asked": _l("đề nghị cho loa tự kêu khi vượt ngưỡng"),
    "gauge_allowance.confirmed": _l("đồng ý cho loa tự kêu khi vượt ngưỡng"),
    "gauge_allowance.ended": _l("thôi cho loa tự kêu"),
    "gauge_allowance.voided": _l("loa không còn được tự kêu vì ngưỡng hay lời đã đổi"),
    "offer.taken": _l("nhận bản tin của cấp trên"),
    "offer.declined": _l("không nhận bản tin của cấp trên"),
    "upper_level.added": _l("thêm cấp trên"),
    "upper_level.joined": _l("nối với cấp trên"),
    "upper_level.closed": _l("bỏ cấp trên"),
    "upper_level.return_seen": _l("ghi nhận cấp trên đã khôi phục bản cũ"),
    "province_commune.added": _l("thêm xã"),
    "province_commune.code_renewed": _l("đổi mã nối của xã"),
    "province_commune.joined": _l("xã đã nối"),
    "province_commune.closed": _l("bỏ xã"),
    "province_commune.return_seen": _l("ghi nhận xã đã khôi phục bản cũ"),
    "province_item.composed": _l("soạn bản tin cho các xã"),
    "province_item.released": _l("duyệt và gửi cho các xã"),
    "province_item.dropped": _l("bỏ bản tin chưa gửi"),
    "province_item.withdrawn": _l("rút bản tin đã gửi các xã"),
    "emergency.rules": _l("đổi cách ra lệnh khẩn cấp"),
    "stop.ordered": _l("ra lệnh dừng toàn bộ"),
    "stop.lift_asked": _l("đề nghị gỡ lệnh dừng"),
    "stop.lifted": _l("gỡ lệnh dừng"),
    "node.added": _l("thêm cụm loa"),
    "node.changed": _l("sửa cài đặt cụm loa"),
    "node.moved": _l("chuyển cụm loa sang thôn khác"),
    "node.password_set": _l("cấp mã mới cho cụm loa"),
    "station.key_replaced": _l("nhận khóa mới làm khóa của đài"),
    "station.taken_over": _l("tiếp quản đài bằng máy này"),
    "station.second_noticed": _l("phát hiện máy thứ hai cùng danh tính đài"),
    "node.revoked": _l("thu hồi cụm loa"),
    "node.volume_set": _l("chỉnh âm lượng"),
    "node.resent": _l("gửi lại lịch và tệp phát"),
    "unit.added": _l("thêm thôn, bản"),
    "unit.changed": _l("sửa thôn, bản"),
    "zone.added": _l("thêm khu vực phát"),
    "zone.languages": _l("chọn tiếng cho khu vực phát"),
    "person.added": _l("thêm người dùng"),
    "person.invited": _l("gửi lời mời"),
    "person.logged_in": _l("đăng nhập"),
    "person.login_failed": _l("đăng nhập sai"),
    "person.approver_confirmed": _l("xác nhận quyền duyệt"),
    "person.signed_out": _l("đăng xuất khỏi mọi máy"),
    "person.password_set": _l("đổi mật khẩu"),
    "person.roles_set": _l("đổi quyền"),
    "person.disabled": _l("khóa tài khoản"),
    "person.enabled": _l("mở lại tài khoản"),
    "person.second_factor_on": _l("bật bảo vệ hai lớp"),
    "person.second_factor_off": _l("tắt bảo vệ hai lớp"),
    "person.recovery_code_used": _l("đăng nhập bằng mã giấy"),
    "person.recovery_codes_made": _l("lấy mã giấy mới"),
    "token.added": _l("cấp mã truy cập"),
    "token.revoked": _l("thu hồi mã truy cập"),
    "settings.changed": _l("đổi cài đặt"),
    "voices.chosen": _l("chọn giọng đọc"),
    "voices.key_changed": _l("thay khóa giọng đọc"),
    "voices.pack_sent": _l("gửi gói giọng"),
    "voices.pack_removed": _l("bỏ gói giọng"),
    "settings.released": _l("duyệt lời đài tự đọc"),
    "dictionary.released": _l("duyệt cách đọc"),
    "relay_source.added": _l("thêm nguồn tiếp sóng"),
    "relay_source.edited": _l("sửa nguồn tiếp sóng"),
    "relay_source.removed": _l("bỏ nguồn tiếp sóng"),
    "live.asked": _l("mở buổi nói trực tiếp"),
    "live.confirmed": _l("xác nhận cho nói trực tiếp"),
    "live.stopped": _l("dừng phát trực tiếp"),
    "live.closed": _l("kết thúc phát trực tiếp, có bản ghi"),
    "live.rules": _l("sửa quy định nói trực tiếp"),
    "live.offered": _l("cho hoặc thôi cho đài khác tiếp sóng"),
    "live.opened": _l("bắt đầu tiếp sóng trực tiếp"),
    "slot.relay_chosen": _l("chọn tiếp sóng cho khung giờ"),
    "slot.relay_approved": _l("duyệt tiếp sóng của khung giờ"),
    "slot.relay_removed": _l("bỏ tiếp sóng khỏi khung giờ"),
    "tune.added": _l("tải bản nhạc lên"),
    "tune.approved": _l("duyệt bản nhạc"),
    "tune.removed": _l("bỏ bản nhạc"),
    "public_page.set": _l("mở hoặc đóng trang cho bà con"),
    "feedback.taken": _l("nhận xử lý phản ánh"),
    "feedback.put_back": _l("để lại phản ánh cho người khác"),
    "feedback.answered": _l("trả lời phản ánh"),
    "feedback.drafted": _l("soạn bản tin từ câu trả lời phản ánh"),
    "matter.dealt": _l("đánh dấu đã xử lý"),
    "person.login_unknown": _l("đăng nhập với tên không có"),
    "audit.sealed": _l("niêm sổ kiểm tra bằng khóa"),
    "audit.heads_accepted": _l("ghi nhận đầu sổ không còn khớp"),
}


def act(code: str) -> object:
    """What was done; the code itself for an act nobody has named yet."""
    return ACTS.get(code, code)


def actor(entry: AuditEntry) -> object:
    """Who did it; the trail itself names the station by one word, which is sealed with the rest."""
    return BY_ITSELF if entry.person_name == SYSTEM else entry.person_name


def about(entry: AuditEntry) -> str:
    """What it was done to: the name or title it then had, else its id."""
    named = entry.details.get("title") or entry.details.get("name")
    return named if isinstance(named, str) else entry.subject.partition(":")[2] or entry.subject


def detail_lines(details: Mapping[str, Any]) -> list[str]:
    """What is written down of an act, one line a thing: ``name: was → is`` where both are known."""
    return [f"{name}: {_written(value)}" for name, value in details.items() if value not in (None, "", [], {})]


def _written(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and not isinstance(value[0], dict):
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value) or "–"
    return "–" if value in (None, "") else str(value)
