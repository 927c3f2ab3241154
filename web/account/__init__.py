"""One's own account: password, second factor, access tokens, invitation."""

from web.account import invitations, pages, second_factor, tokens

BLUEPRINTS = (
    pages.blueprint,
    tokens.blueprint,
    invitations.blueprint,
    second_factor.blueprint,
)
