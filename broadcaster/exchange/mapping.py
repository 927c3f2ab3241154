"""Fields of a provincial platform as ours and back, by a file that somebody writes from that platform's description.

The file is YAML with the parts ``items`` (what the platform gives, to be composed here) and ``reports`` (what is stated
here, to be given there), each with:

list: where the records stand in the platform's document, as ``data.rows``; empty for a bare list.
fields: our name to theirs; theirs may lead into records, as ``content.text``.
values: of a field of ours, our value to theirs.
times: how the platform writes instants, as for strftime, or ``iso``; zone: in which zone it means them.
fixed: fields of theirs with one value always; for ``reports`` only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from broadcaster.errors import Invalid
from broadcaster.protocol.exchange.messages import Report
from broadcaster.protocol.values import BroadcastClass

ITEM_FIELDS = frozenset(
    {"id", "title", "text", "class", "document_number", "wished_at", "valid_until_at", "drill", "communes"}
)
REPORT_FIELDS = frozenset(Report.__struct_fields__) | {"commune", "stored_at"}
INSTANTS = frozenset({"wished_at", "valid_until_at", "at", "begin_at", "stored_at"})
ISO = "iso"
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class PartMapping:
    """One part of the file, as above."""

    fields: Mapping[str, str]
    records: str = ""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    times: str = ISO
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - a constant
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlatformMapping:
    """items: from the platform; reports: to it. Either may be missing."""

    items: PartMapping | None
    reports: PartMapping | None


def read(path: Path) -> PlatformMapping:
    """Raises Invalid, which names what is wrong in the file."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.safe_load(text[:_LONGEST])
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid("mapping.not_readable", field="file", path=path, cause=" ".join(str(error).split())) from None
    if not isinstance(tree, dict) or not tree or set(tree) - {"items", "reports"}:
        raise Invalid("mapping.parts_wrong", field="file")
    return PlatformMapping(
        _part(tree, "items", ITEM_FIELDS) if "items" in tree else None,
        _part(tree, "reports", REPORT_FIELDS) if "reports" in tree else None,
    )


def items(mapping: PlatformMapping, document: Any) -> list[dict[str, Any]]:
    """What the platform gives as bodies for ``POST /api/v1/province/items``. Raises Invalid with the record's place."""
    part = _required(mapping.items, "items")
    records = _at(document, part.records) if part.records else document
    if not isinstance(records, list):
        raise Invalid("mapping.no_list", field=part.records or "list")
    return [_item(part, record, number) for number, record in enumerate(records)]


def report(mapping: PlatformMapping, stated: Mapping[str, Any]) -> dict[str, Any]:
    """One report in our names, bare or as ``GET /api/v1/province/reports`` gives it, as the platform wants it. Raises
    Invalid for an instant that is none and for a value that the mapping does not know."""
    part, stated = _required(mapping.reports, "reports"), _flat(stated)
    made: dict[str, Any] = {}
    for path, value in part.fixed.items():
        _put(made, path, value)
    for ours, theirs in part.fields.items():
        value = stated.get(ours)
        if value is None:
            continue
        if ours in INSTANTS:
            value = _written(part, value, ours)
        if (known := part.values.get(ours)) and str(value) not in known:
            raise Invalid("mapping.value_unknown", field=ours, value=str(value)[:80])
        _put(made, theirs, known[str(value)] if known else value)
    return made


def _flat(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    """The report inside an answer of the API, with what the answer says of it."""
    body = stated.get("body")
    return (
        {**body, **{ours: value for ours, value in stated.items() if ours != "body"}}
        if isinstance(body, dict)
        else stated
    )


def _item(part: PartMapping, record: Any, number: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for ours, theirs in part.fields.items():
        value = _at(record, theirs)
        if value is None or value == "":
            continue
        made[ours] = _ours(part, ours, value, f"{number}.{theirs}")
    if made.get("class", "routine") not in set(BroadcastClass):
        raise Invalid("mapping.value_unknown", field=f"{number}.class", value=str(made["class"])[:80])
    if not made.get("title"):
        raise Invalid("mapping.no_title", field=f"{number}.title")
    return made


def _ours(part: PartMapping, ours: str, value: Any, place: str) -> Any:
    """A value of the platform in the type that our field has; of several communes each is mapped by itself."""
    if ours == "communes":
        return [_named(part, ours, each, place) for each in (value if isinstance(value, list) else [value])]
    if ours in INSTANTS:
        return _instant(part, value, place)
    named = _named(part, ours, value, place)
    return named.casefold() in ("true", "1") if ours == "drill" else named


def _named(part: PartMapping, ours: str, value: Any, place: str) -> str:
    """Raises Invalid for a value that the mapping does not know."""
    known = {str(their): our for our, their in part.values.get(ours, {}).items()}
    if known and str(value) not in known:
        raise Invalid("mapping.value_unknown", field=place, value=str(value)[:80])
    return known.get(str(value), str(value))


def _instant(part: PartMapping, value: Any, place: str) -> str:
    try:
        text = str(value)
        moment = datetime.fromisoformat(text) if part.times == ISO else datetime.strptime(text, part.times)  # noqa: DTZ007
    except ValueError:
        raise Invalid("mapping.not_a_time", field=place, value=str(value)[:80]) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=part.zone)).isoformat()


def _written(part: PartMapping, value: Any, place: str) -> str:
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(part.zone)
    except ValueError:
        raise Invalid("mapping.not_a_time", field=place, value=str(value)[:80]) from None
    return moment.isoformat() if part.times == ISO else moment.strftime(part.times)


def _part(tree: Mapping[str, Any], name: str, known: frozenset[str]) -> PartMapping:
    given = tree[name]
    fields = given.get("fields") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(fields, dict) or not fields:
        raise Invalid("mapping.part_empty", field=name)
    unknown = sorted(str(each) for each in set(fields) - known)
    if unknown:
        raise Invalid("mapping.field_unknown", field=name, name=unknown[0], known=sorted(known))
    unknown = sorted(str(each) for each in set(given) - {"list", "fields", "values", "times", "zone", "fixed"})
    if unknown:
        raise Invalid("mapping.field_unknown", field=name, name=unknown[0], known=["list", "fields", "values"])
    try:
        zone = ZoneInfo(str(given.get("zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("mapping.zone_unknown", field=f"{name}.zone", zone=given.get("zone")) from None
    return PartMapping(
        fields={str(ours): str(theirs) for ours, theirs in fields.items()},
        records=str(given.get("list", "")),
        values={str(ours): _plain(pairs) for ours, pairs in (given.get("values") or {}).items()},
        times=str(given.get("times", ISO)),
        zone=zone,
        fixed=given.get("fixed") or {},
    )


def _plain(pairs: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(ours): theirs for ours, theirs in pairs.items()}


def _required(part: PartMapping | None, name: str) -> PartMapping:
    if part is None:
        raise Invalid("mapping.part_empty", field=name)
    return part


def _at(record: Any, path: str) -> Any:
    """What stands at ``a.b.c``; None where there is nothing."""
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        record = record.setdefault(name, {})
    record[last] = value
