"""How a wish lies in a row."""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import JSON, TypeDecorator

from broadcaster.station.vocabulary.wishes import Wish, plain, read


class WishValue(TypeDecorator[Wish]):
    """A wish as JSON; NULL for none."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Wish | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return plain(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Wish | None:  # noqa: ARG002
        return read(value) if value is not None else None
