"""What we write ourselves is read again as it was meant."""

from datetime import UTC, datetime, timedelta, timezone

from broadcaster.cap import reading, writing
from broadcaster.cap.values import Alert, AlertInfo, Area, Circle, Point, Reference

AT = datetime(2026, 11, 30, 13, tzinfo=UTC)
RING = (Point(22.1, 105.9), Point(22.1, 106.0), Point(22.2, 106.0), Point(22.1, 105.9))
OURS = Alert(
    identifier="con-minh-1",
    sender="loa@con-minh",
    sent_at=AT.astimezone(timezone(timedelta(hours=7))),
    status="Exercise",
    message_type="Update",
    scope="Public",
    references=(Reference("loa@con-minh", "con-minh-0", AT),),
    infos=(
        AlertInfo(
            language="vi-VN",
            categories=("Met", "Safety"),
            event="Lũ quét",
            response_types=("Evacuate",),
            urgency="Immediate",
            severity="Extreme",
            certainty="Observed",
            expires_at=AT + timedelta(hours=2),
            sender_name="UBND xã Côn Minh <tổ trực>",
            headline="Lũ quét & sạt lở",
            description="Bà con rời khỏi ven suối.",
            areas=(Area("Lủng Pảng", (RING,), (Circle(Point(22.1, 105.9), 3.0),), (("GSO", "01900"),)),),
        ),
    ),
    note="diễn tập",
)


def test_a_written_alert_is_read_as_it_was_meant() -> None:
    assert reading.read(writing.write(OURS)) == OURS


def test_utc_is_written_as_the_standard_asks() -> None:
    written = writing.write(Alert("a", "b", AT, "Actual", "Alert", "Public", infos=OURS.infos))
    assert b"2026-11-30T13:00:00-00:00" in written
