"""The audit trail through the API."""

from broadcaster.station.audit import trail as audit_trail
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.audit import bodies
from web.security.access import over_commune
from web.shell.telling import said


def listing(call: Call) -> bodies.Acts:
    wanted = audit_trail.AuditQuery(call.query.get("q", ""), call.query.get("kind", ""))
    found = audit_trail.listing(call.s, wanted, page=page_asked(call))
    items = [
        bodies.Act(
            number=entry.number,
            at=entry.at,
            by=entry.person_name,
            action=entry.action,
            subject=entry.subject,
            details=entry.details,
            address=entry.address,
            hash=entry.hash,
        )
        for entry in found.items
    ]
    return bodies.Acts(items=items, page=found.page, pages=found.pages, total=found.total)


def check(call: Call) -> bodies.ChainFinding:
    found = audit_trail.look_over(call.s, now_at=call.now_at)
    return bodies.ChainFinding(
        checked_at=found.checked_at, entries=found.entries, problems=[said(each) for each in found.problems]
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/audit",
        access=over_commune("manage_people"),
        summary="Sổ kiểm tra: ai đã làm gì, mới nhất trước.",
        act=listing,
        gives=bodies.Acts,
        query={"q": "Chữ cần tìm.", "kind": "Phần đầu của mã việc, ví dụ node.", "page": "Trang, từ 1."},
    ),
    Endpoint(
        method="GET",
        path="/audit/check",
        access=over_commune("manage_people"),
        summary="Kiểm tra cả chuỗi của sổ kiểm tra.",
        act=check,
        gives=bodies.ChainFinding,
    ),
)
