"""Words for channels and messages, and what a person must know to add a channel of a kind."""

from dataclasses import dataclass

from broadcaster.network_settings import NoticeSettings
from broadcaster.station.vocabulary.notices import ChannelKind
from web.translations.languages import gettext as _


@dataclass(frozen=True, slots=True)
class ChannelForm:
    """kind: as sent back; label: of the address; hint: where to find it; proposed: what stands in it at first."""

    kind: str
    name: str
    label: str
    hint: str
    proposed: str = ""


def channel_name(kind: ChannelKind | str) -> str:
    """What people call it."""
    names = {
        ChannelKind.ZALO: "Zalo",
        ChannelKind.ZALO_OA: _("Zalo (tài khoản chính thức của xã)"),
        ChannelKind.EMAIL: _("Thư điện tử"),
        ChannelKind.NTFY: "ntfy",
        ChannelKind.TELEGRAM: "Telegram",
        ChannelKind.WEBHOOK: _("Webhook có chữ ký"),
        ChannelKind.WEB_PUSH: _("Trình duyệt này"),
    }
    return names[ChannelKind(kind)]


def forms(settings: NoticeSettings) -> list[ChannelForm]:
    """Of every kind that is set up, but for browsers, which say themselves where they are reached."""
    every = {
        ChannelKind.ZALO: (
            _("Mã trò chuyện (Chat ID)"),
            _("Nhắn một tin cho bot Zalo của xã trước; người phụ trách bot cho bạn biết mã trò chuyện của bạn."),
        ),
        ChannelKind.ZALO_OA: (
            _("Mã người dùng (User ID)"),
            _("Hãy quan tâm tài khoản chính thức của xã trước; người phụ trách tài khoản cho bạn biết mã của bạn."),
        ),
        ChannelKind.TELEGRAM: (
            _("Mã trò chuyện (Chat ID)"),
            _("Nhắn /start cho bot của xã trước, rồi hỏi @userinfobot để biết mã của bạn."),
        ),
        ChannelKind.EMAIL: (_("Địa chỉ thư"), ""),
        ChannelKind.NTFY: (
            _("Địa chỉ chủ đề"),
            _("Chọn một tên chủ đề khó đoán: ai biết tên là đọc được."),
        ),
        ChannelKind.WEBHOOK: (_("Địa chỉ nhận (URL)"), _("Dành cho chương trình khác của bạn.")),
    }
    proposed = {ChannelKind.NTFY: f"{settings.ntfy_address}/"}
    return [
        ChannelForm(kind.value, channel_name(kind), label, hint, proposed.get(kind, ""))
        for kind, (label, hint) in every.items()
        if kind.value in settings.offered
    ]
