"""What programs send and are answered about the audit trail."""

from datetime import datetime
from typing import Any

from web.api.bodies import Answer


class Act(Answer, frozen=True, kw_only=True):
    """One act. number: its place in the chain; by: who, as they were called then; address: from where; hash: seals it
    and all before it."""

    number: int
    at: datetime
    by: str
    action: str
    subject: str
    details: dict[str, Any]
    address: str
    hash: str


class Acts(Answer, frozen=True, kw_only=True):
    """One page, the latest first."""

    items: list[Act]
    page: int
    pages: int
    total: int


class ChainFinding(Answer, frozen=True, kw_only=True):
    """Whether the chain is whole. problems: sentences; empty when it is."""

    checked_at: datetime
    entries: int
    problems: list[str]
