"""One's own account: password, second factor, invitation."""

from web.account import invitations, pages, second_factor

BLUEPRINTS = (
    pages.blueprint,
    invitations.blueprint,
    second_factor.blueprint,
)
