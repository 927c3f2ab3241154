"""The words on the screen for what the station calls by code: states, classes, roles, and the tone each is shown in."""

from dataclasses import dataclass
from typing import Any

from web.translations.languages import later as _l


@dataclass(frozen=True, slots=True)
class Word:
    """One state as a person reads it.

    label: the words (translated when shown).
    tone: how it is coloured: calm, wait, live, good, warn or bad.
    """

    label: Any
    tone: str = "calm"

    def __str__(self) -> str:
        return str(self.label)


ANNOUNCEMENT = {
    "draft": Word(_l("Bản nháp")),
    "pending_approval": Word(_l("Chờ duyệt"), "wait"),
    "approved": Word(_l("Đã duyệt"), "good"),
    "returned": Word(_l("Trả lại để sửa"), "warn"),
    "rejected": Word(_l("Từ chối"), "bad"),
    "withdrawn": Word(_l("Đã rút")),
}
BROADCAST = {
    "scheduled": Word(_l("Đã lên lịch"), "wait"),
    "on_air": Word(_l("Đang phát"), "live"),
    "completed": Word(_l("Đã phát xong"), "good"),
    "partial": Word(_l("Phát chưa đủ"), "warn"),
    "missed": Word(_l("Không phát được"), "bad"),
    "cancelled": Word(_l("Đã huỷ")),
}
DELIVERY = {
    "planned": Word(_l("đã lên lịch")),
    "stored": Word(_l("đã nhận"), "wait"),
    "playing": Word(_l("đang phát"), "live"),
    "played": Word(_l("đã phát"), "good"),
    "interrupted": Word(_l("bị ngắt giữa chừng"), "warn"),
    "failed": Word(_l("lỗi"), "bad"),
    "missed": Word(_l("lỡ giờ phát"), "bad"),
    "expired": Word(_l("quá hạn, không phát"), "bad"),
    "cancelled": Word(_l("đã huỷ")),
}
CHIRP = DELIVERY | {
    "planned": Word(_l("đang gửi lệnh"), "wait"),
    "stored": Word(_l("đã nhận lệnh"), "wait"),
    "playing": Word(_l("đang kêu"), "live"),
    "played": Word(_l("đã kêu"), "good"),
    "missed": Word(_l("không kêu"), "bad"),
    "expired": Word(_l("không kêu kịp"), "bad"),
}
CLASS = {
    "routine": Word(_l("Thông thường")),
    "priority": Word(_l("Ưu tiên"), "warn"),
    "emergency": Word(_l("Khẩn cấp"), "bad"),
}
ORIGIN = {
    "commune": Word(_l("Xã")),
    "province": Word(_l("Tỉnh"), "wait"),
    "central": Word(_l("Trung ương"), "wait"),
}
PRESENCE = {
    "online": Word(_l("đang kết nối"), "good"),
    "offline": Word(_l("mất kết nối"), "bad"),
    "unknown": Word(_l("im lặng quá lâu"), "warn"),
    "never": Word(_l("chưa từng kết nối")),
}
OCCURRENCE = {
    "planned": Word(_l("dự kiến"), "calm"),
    "frozen": Word(_l("đã chốt"), "wait"),
    "empty": Word(_l("chưa có bản tin")),
    "missed": Word(_l("bị lỡ"), "bad"),
    "cancelled": Word(_l("nghỉ")),
}
UNFIT = Word(_l("chưa có bản tin phát được"), "warn")
"""A date of a slot that holds something, but nothing approved that fits."""
DECISION = {
    "submitted": Word(_l("Gửi duyệt"), "wait"),
    "approved": Word(_l("Duyệt"), "good"),
    "returned": Word(_l("Trả lại"), "warn"),
    "rejected": Word(_l("Từ chối"), "bad"),
    "withdrawn": Word(_l("Rút lại")),
    "voided": Word(_l("Mất hiệu lực vì bản tin đã sửa"), "warn"),
}
ROLE = {
    "officer": Word(_l("Cán bộ soạn tin")),
    "approver": Word(_l("Người duyệt")),
    "administrator": Word(_l("Quản trị")),
    "technician": Word(_l("Kỹ thuật viên")),
    "viewer": Word(_l("Chỉ xem")),
}
CLOCK = {
    "synced": Word(_l("đồng hồ chuẩn"), "good"),
    "holdover": Word(_l("đồng hồ tự giữ"), "wait"),
    "unsynced": Word(_l("đồng hồ chưa đúng"), "bad"),
}
WEEKDAYS = (
    _l("Thứ Hai"),
    _l("Thứ Ba"),
    _l("Thứ Tư"),
    _l("Thứ Năm"),
    _l("Thứ Sáu"),
    _l("Thứ Bảy"),
    _l("Chủ nhật"),
)
WEEKDAYS_SHORT = (_l("T2"), _l("T3"), _l("T4"), _l("T5"), _l("T6"), _l("T7"), _l("CN"))
VOICES = {
    "auto": _l("Tự chọn (giọng tốt nhất đang dùng được)"),
    "auto@centre": _l("Tự chọn, giọng miền Trung nếu có"),
    "auto@south": _l("Tự chọn, giọng miền Nam nếu có"),
    "gtts": _l("Giọng Google (cần Internet)"),
    "piper": _l("Giọng Piper (không cần Internet)"),
    "espeak": _l("Giọng máy eSpeak (luôn có)"),
}
HEARD = {"True": Word(_l("nghe được"), "good"), "False": Word(_l("loa câm"), "bad")}
"""What a node's microphone says of a play; nothing where it has none."""
FACT = {
    "title": Word(_l("Tên bản tin")),
    "class": Word(_l("Loại bản tin")),
    "zones": Word(_l("Phát ở đâu")),
    "voice": Word(_l("Giọng đọc")),
    "rate_percent": Word(_l("Tốc độ")),
    "repeats": Word(_l("Đọc mấy lần")),
    "repeat_key_facts": Word(_l("Nhắc lại ngày giờ và con số quan trọng")),
    "valid_until_at": Word(_l("Hạn phát")),
    "recording": Word(_l("Bản ghi âm")),
    "recording_name": Word(_l("Tên tệp ghi âm")),
    "levy": Word(_l("Thu tiền")),
    "origin": Word(_l("Nguồn tin")),
    "document_number": Word(_l("Số văn bản")),
    "class_reason": Word(_l("Lý do hạ loại")),
    "drill": Word(_l("Diễn tập")),
    "phrase": Word(_l("Loại khẩn cấp")),
    "versions": Word(_l("Tiếng nói khác")),
}
"""What an approver is told that changed; a test holds every compared field to it."""
MOMENT = {
    "assemble": Word(_l("Chốt chương trình")),
    "readiness": Word(_l("Xem lại các cụm loa")),
    "start": Word(_l("Bắt đầu phát")),
    "settle": Word(_l("Kết thúc, chốt kết quả")),
}
ALL = {
    "moment": MOMENT,
    "fact": FACT,
    "voice": {code: Word(label) for code, label in VOICES.items()},
    "heard": HEARD,
    "announcement": ANNOUNCEMENT,
    "broadcast": BROADCAST,
    "delivery": DELIVERY,
    "chirp": CHIRP,
    "class": CLASS,
    "origin": ORIGIN,
    "presence": PRESENCE,
    "occurrence": OCCURRENCE,
    "decision": DECISION,
    "role": ROLE,
    "clock": CLOCK,
}


def word(kind: str, code: object) -> Word:
    """The word for one code; a code nobody has named yet is shown as it is."""
    return ALL[kind].get(str(code), Word(str(code)))
