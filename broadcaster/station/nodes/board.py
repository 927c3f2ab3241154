"""How a node is, in words an officer understands. Pure: nothing is asked of the database here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from broadcaster.protocol.values import ClockState
from broadcaster.station.schema import Node, NodeState

SILENCE = timedelta(minutes=3)
"""Without a sign of life for so long nobody may say the node is online."""
HOT_CELSIUS = 80
SCARCE_BYTES = 200_000_000

Presence = Literal["online", "offline", "unknown", "never"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """One line of the board.

    node: the node.
    state: what it last said; None when it never spoke.
    presence: "never" spoke, "unknown" when silent too long without a goodbye.
    reasons: what keeps it from being ready, sentences in Vietnamese; empty when all is well.
    """

    node: Node
    state: NodeState | None
    presence: Presence
    reasons: tuple[str, ...]


def view(
    node: Node, state: NodeState | None, *, issued_number: int | None, now_at: datetime, twofold: bool = False
) -> NodeView:
    """``issued_number`` is that of the agenda last given to the node; ``twofold``: two machines speak in its name."""
    presence = presence_of(state, now_at)
    reasons = [_PRESENCE[presence]] if presence != "online" else []
    if twofold:
        reasons.append("Có hai máy dùng chung danh tính này; hãy cấp lại bằng “loa nodes renew” cho máy thật.")
    if state is not None:
        reasons += _reasons(state, issued_number=issued_number, online=presence == "online")
    return NodeView(node, state, presence, tuple(reasons))


def presence_of(state: NodeState | None, now_at: datetime) -> Presence:
    """Never "online" three minutes after the last sign of life."""
    if state is None or (state.seen_at is None and state.online):
        return "never"
    if not state.online:
        return "offline"
    if state.seen_at is None or now_at - state.seen_at >= SILENCE:
        return "unknown"
    return "online"


_PRESENCE: dict[str, str] = {
    "offline": "Mất kết nối; cụm loa vẫn phát theo lịch đã lưu.",
    "unknown": "Hơn 3 phút chưa có tín hiệu; hãy kiểm tra điện và sóng.",
    "never": "Chưa kết nối lần nào; hãy lắp đặt và bật cụm loa.",
}


_MUTED = "Công tắc tại chỗ đang tắt tiếng."
_SOUNDLESS = "Không mở được thiết bị âm thanh; hãy kiểm tra dây và âm ly."


def _reasons(state: NodeState, *, issued_number: int | None, online: bool) -> list[str]:
    told = [
        (state.stopped, "Đang dừng theo lệnh dừng toàn bộ."),
        (state.muted, _MUTED),
        (not state.sound, _SOUNDLESS),
        (state.clock is ClockState.UNSYNCED, "Chưa có giờ đúng nên chưa phát theo lịch."),
        (state.clips_missing > 0, f"Còn thiếu {state.clips_missing} tệp phát, đang tải."),
        (
            online and issued_number is not None and state.agenda_number < issued_number,
            "Chưa nhận lịch mới nhất.",
        ),
    ]
    found = [sentence for true, sentence in told if true] + _body(state.health) + list(state.trouble)
    return list(dict.fromkeys(found))


def faults(state: NodeState) -> list[str]:
    """Of the reasons those that do not pass by themselves: somebody has to go there."""
    told = [(state.muted, _MUTED), (not state.sound, _SOUNDLESS)]
    return [sentence for true, sentence in told if true] + _body(state.health)


def _body(health: dict[str, Any]) -> list[str]:
    temperature, free = health.get("temperature_celsius"), health.get("free_bytes")
    card = health.get("storage_fault") or ""
    told = [
        (health.get("under_voltage"), "Điện yếu; hãy kiểm tra nguồn."),
        # A node of today tells it in a sentence of its own; an older one in the kernel's words.
        (card, card if card.endswith(".") else f"Thẻ nhớ lỗi: {card}. Hãy thay thẻ."),
        (
            temperature is not None and temperature >= HOT_CELSIUS,
            f"Máy nóng {temperature} độ; hãy che nắng, thông gió.",
        ),
        (
            health.get("heard") is False,
            "Loa câm: micrô không nghe thấy bản tin vừa phát; hãy kiểm tra âm ly, loa và micrô.",
        ),
        (free is not None and free < SCARCE_BYTES, "Thẻ nhớ sắp đầy."),
    ]
    return [sentence for true, sentence in told if true]
