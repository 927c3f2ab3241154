"""The words and colours of what became of an offer."""

from web.shell.words import Word

OFFER = {
    "waiting": Word("offer.waiting", "wait"),
    "prepared": Word("offer.prepared", "warn"),
    "taken": Word("offer.taken", "good"),
    "declined": Word("offer.declined"),
    "withdrawn": Word("offer.withdrawn"),
    "expired": Word("offer.expired"),
    "refused": Word("offer.refused", "bad"),
}
