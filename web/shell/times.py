"""Instants and lengths as people in the commune say them, in the commune's own time."""

from datetime import date, datetime, timedelta

from flask import Flask

from broadcaster.lunar import lunar_date
from web.shell.services import services
from web.shell.words import WEEKDAYS
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

MINUTE = timedelta(minutes=1)


def local(at: datetime) -> datetime:
    return at.astimezone(services().timezone)


def clock(at: datetime | None) -> str:
    """``17:00``"""
    return local(at).strftime("%H:%M") if at else "–"


def clock_seconds(at: datetime | None) -> str:
    """``17:00:03``"""
    return local(at).strftime("%H:%M:%S") if at else "–"


def day(at: datetime | date | None) -> str:
    """``Thứ Hai, 23/11/2026``"""
    if at is None:
        return "–"
    on = _date(at)
    return f"{WEEKDAYS[on.weekday()]}, {on:%d/%m/%Y}"


def short_day(at: datetime | date | None) -> str:
    """``23/11/2026``"""
    return f"{_date(at):%d/%m/%Y}" if at else "–"


def moment(at: datetime | None) -> str:
    """``17:00 hôm nay``, ``05:00 ngày mai``, ``17:00 Thứ Hai, 23/11/2026``"""
    if at is None:
        return "–"
    return _("%(clock)s %(day)s", clock=clock(at), day=near_day(_date(at)))


def stored_moment(at: str | None) -> str:
    """The same of an instant as rows hold it in their details."""
    return moment(datetime.fromisoformat(at)) if at else _("chưa bao giờ")


def lunar_day(at: datetime | date) -> str:
    """``mùng 5 tháng Giêng``, ``12 tháng 10``, ``rằm tháng 7 nhuận``: the day people burn incense by."""
    on = lunar_date(_date(at))
    spoken = _("rằm") if on.day == 15 else _("mùng %(day)d", day=on.day) if on.day <= 10 else str(on.day)
    month = {1: _("Giêng"), 12: _("Chạp")}.get(on.month, str(on.month))
    said = _("%(day)s tháng %(month)s", day=spoken, month=month)
    return _("%(date)s nhuận", date=said) if on.leap else said


def near_day(on: date) -> str:
    match (on - services().today).days:
        case -1:
            return _("hôm qua")
        case 0:
            return _("hôm nay")
        case 1:
            return _("ngày mai")
        case _other:
            return day(on)


def ago(at: datetime | None) -> str:
    """``vừa xong``, ``3 phút trước``, ``2 giờ trước``, then the moment itself."""
    if at is None:
        return _("chưa bao giờ")
    minutes = int((services().clock() - at) / MINUTE)
    if minutes < 1:
        return _("vừa xong")
    if minutes < 60:
        return ngettext("%(num)d phút trước", "%(num)d phút trước", minutes)
    if minutes < 12 * 60:
        return ngettext("%(num)d giờ trước", "%(num)d giờ trước", minutes // 60)
    return moment(at)


def length(ms: float | None) -> str:
    """``45 giây``, ``2 phút 05 giây``"""
    if ms is None:
        return "–"
    minutes, seconds = divmod(round(ms / 1000), 60)
    if minutes == 0:
        return ngettext("%(num)d giây", "%(num)d giây", seconds)
    return _("%(minutes)d phút %(seconds)02d giây", minutes=minutes, seconds=seconds)


def _date(at: datetime | date) -> date:
    return local(at).date() if isinstance(at, datetime) else at


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        clock=clock,
        clock_seconds=clock_seconds,
        day=day,
        short_day=short_day,
        lunar_day=lunar_day,
        moment=moment,
        ago=ago,
        duration=length,
    )
