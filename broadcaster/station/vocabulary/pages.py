"""A page of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

SIZE = 50

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """items: of this page; total: of all pages; page: its number from 1; size: items on a full page."""

    items: Sequence[Item]
    total: int
    page: int
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


def page_of(s: Session, chosen: Select[Any], *, page: int, size: int = SIZE) -> Page[Any]:
    """The page of what was chosen; beyond the last page it is empty."""
    total = s.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    number = max(1, page)
    rows: Sequence[Any] = s.scalars(chosen.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, total, number, size)


def contains(text: str) -> str:
    """A LIKE pattern for "has this in it"; what is typed is never a wildcard. Use with ``escape="\\\\"``."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
