"""What every table shares: the naming of constraints, instants in UTC, words as states, ids."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from broadcaster.refusals.reasons import Reason, decode, encode

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite keeps it as text without zone, in UTC; PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ReasonText(TypeDecorator[Reason]):
    """A reason as JSON. ``absent`` is what stands in the table where there is none.

    What was written as a finished sentence before reasons had codes reads as ``reason.as_written``.
    """

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None = None, *, absent: str | None = None) -> None:
        super().__init__()
        self.impl_instance = String(length) if length else Text()
        self.absent = absent

    def process_bind_param(self, value: Reason | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return self.absent if value is None else encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Reason | None:  # noqa: ARG002
        return decode(value) if value else None


def reason_or_none(length: int | None = None) -> MappedColumn[Reason | None]:
    """A column of reasons in which an empty text stands for none."""
    return mapped_column(ReasonText(length, absent=""), nullable=False, default=lambda: None)


class Base(DeclarativeBase):
    """Every table of the station."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own protocol
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


def word(kind: type[StrEnum]) -> Enum:
    """The column type for one of a set of words: plain text in the table, so that a new word needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda words: [each.value for each in words],
    )


def new_id() -> str:
    """A random id nobody can guess: 32 hex digits."""
    return uuid.uuid4().hex
