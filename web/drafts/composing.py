"""The form an announcement is written in, with everything that helps with writing beside it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from broadcaster.errors import LoaError
from broadcaster.station.announcements import autosaves
from broadcaster.station.programmes import sessions
from broadcaster.station.rows import voice_states
from broadcaster.station.schema import Announcement, UnsavedDraft
from broadcaster.station.units import units
from web.drafts import levies, pastes, previews
from web.drafts.form import AnnouncementForm, from_form
from web.shell.request_context import Context
from web.shell.services import services
from web.units import zone_map
from web.voices import words

NEW = "new-"
"""Before the key of a text that is no announcement yet."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text kept for its writer, offered again with its first words."""

    saved: UnsavedDraft
    words: str


def page(
    c: Context,
    draft: AnnouncementForm,
    *,
    announcement: Announcement | None = None,
    error: LoaError | None = None,
    theirs: Announcement | None = None,
    refused: LoaError | None = None,
    key: str = "",
) -> str:
    """``theirs`` is what somebody else saved meanwhile, shown beside what was typed here.

    ``refused`` says why a reading given beside the preview was not saved; ``key`` names what is kept of this text.
    """
    draft, pasted = pastes.taken(draft)
    key = key or (announcement.id if announcement else request.form.get("draft") or NEW + secrets.token_hex(6))
    state = voice_states.read(c.s)
    zones = units.zones_for(c.s, by=c.by, permission="write")
    return render_template(
        "drafts/form.html",
        draft=draft,
        pasted=pasted,
        left_paste=pastes.left(),
        announcement=announcement,
        sessions=sessions.coming_with(c.s, announcement, now_at=c.now_at) if announcement else [],
        key=key,
        timezone=services().timezone,
        unsaved=_unsaved(c, announcement, key),
        zones=zones,
        sheet=zone_map.sheet(zones),
        voices=words.options(state, chosen=draft.voice),
        voice_fallback=words.fallback(state, draft.voice),
        banks=levies.choices(),
        error=error,
        theirs=theirs,
        preview=previews.of(c, draft.text, rate_percent=draft.rate_percent, repeats=draft.repeats, refused=refused),
    )


def saved(c: Context, key: str) -> AnnouncementForm | None:
    """What was kept under this key, as it stood on the screen."""
    found = autosaves.find(c.s, key, by=c.by)
    return draft_of(found) if found else None


def draft_of(found: UnsavedDraft) -> AnnouncementForm:
    return from_form(MultiDict({name: list(map(str, values)) for name, values in found.content.items()}))


def content_of(form: MultiDict[str, str]) -> dict[str, Any]:
    """The fields worth keeping, each with its values."""
    return {name: form.getlist(name) for name in form if name not in _LEFT_OUT and not name.startswith("fix")}


_LEFT_OUT = {"csrf_token", "draft", "preview", "file", "from_form", "pasted", "undo_paste", "with_marks"}


def _unsaved(c: Context, announcement: Announcement | None, key: str) -> list[Unsaved]:
    """What this person left unsaved: of this announcement, or of new ones."""
    if "draft" in request.args or request.method == "POST":
        return []
    if announcement is None:
        found: Sequence[UnsavedDraft] = autosaves.unsaved(c.s, prefix=NEW, by=c.by)
        offers = [_offer(each) for each in found if each.key != key]
        return [each for each in offers if each.words]
    mine = autosaves.find(c.s, announcement.id, by=c.by)
    return [_offer(mine)] if mine else []


def _offer(found: UnsavedDraft) -> Unsaved:
    draft = draft_of(found)
    return Unsaved(found, " ".join(f"{draft.title} {draft.text}".split())[:80])
