"""Finding rows by words: neither case nor Vietnamese marks matter, and every word must stand somewhere."""

import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any
from unicodedata import combining

from sqlalchemy import ColumnElement, String, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import GenericFunction

from broadcaster.station.vocabulary.names import bare
from broadcaster.station.vocabulary.pages import contains

MOST_WORDS = 10


class BareText(GenericFunction[str]):
    """``names.bare`` inside the database. SQLite calls it (``add_to_sqlite``); PostgreSQL says the same in its own
    words, for a database in UTF-8."""

    type = String()
    name = "loa_bare"
    inherit_cache = True


def having(query: str, *columns: InstrumentedAttribute[Any]) -> Iterator[ColumnElement[bool]]:
    """One condition for each word of the query, at most MOST_WORDS: it stands in one of the columns."""
    for word in bare(query).split()[:MOST_WORDS]:
        yield or_(*(BareText(column).like(contains(word), escape="\\") for column in columns))


def add_to_sqlite(connection: Any) -> None:
    """Teach an open connection of the ``sqlite3`` driver the function."""
    connection.create_function("loa_bare", 1, _bare_or_none, deterministic=True)


def _bare_or_none(text: str | None) -> str | None:
    return None if text is None else bare(text)


@compiles(BareText, "postgresql")
def _in_postgresql(element: BareText, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    plain = f"normalize(translate(({text})::text, 'đĐÐ', 'dDD'), NFKD)"
    return f"lower(regexp_replace({plain}, '[{_combining()}]', '', 'g'))"


@cache
def _combining() -> str:
    """Every combining character, as the ranges of a regular expression."""
    marks = [code for code in range(sys.maxunicode + 1) if combining(chr(code))]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(marks), lambda pair: pair[1] - pair[0])]
    return "".join(f"\\U{run[0]:08x}-\\U{run[-1]:08x}" for run in runs)
