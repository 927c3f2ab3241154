"""Fixing a doubtful reading where it is seen: one press beside the preview saves it to the reading dictionary."""

from werkzeug.datastructures import MultiDict

from broadcaster.errors import LoaError, NotAllowed
from broadcaster.station.clips import dictionary, dictionary_changes
from web.shell.request_context import changing


def take(form: MultiDict[str, str]) -> LoaError | None:
    """Save the reading of the doubt whose button was pressed; why not, when it could not be saved.

    The button is ``fix`` and carries a number; the fields beside it are ``fix-written-N`` and ``fix-reading-N``.
    """
    number = form.get("fix", "")
    try:
        with changing() as c:
            scopes = dictionary.scopes(c.s, by=c.by)
            if not scopes:
                raise NotAllowed("dictionary.not_yours")
            dictionary_changes.teach(
                c.s,
                unit_id=scopes[0].id,
                written=form.get(f"fix-written-{number}", ""),
                reading=form.get(f"fix-reading-{number}", ""),
                by=c.by,
                now_at=c.now_at,
            )
    except LoaError as refusal:
        return refusal
    return None
