"""What programs send and are answered about the residents' pages."""

from web.api.bodies import Answer, Request


class PublicPageChoice(Request, frozen=True, kw_only=True):
    """open: whether residents may read what was broadcast."""

    open: bool


class PublicPage(Answer, frozen=True, kw_only=True):
    """open: whether residents may read; commune, feed: addresses; hamlets: the address of each by its unit's id."""

    open: bool
    commune: str
    feed: str
    hamlets: dict[str, str]
