"""The form an announcement is written in, with everything that helps with writing."""

from web.drafts import autosave, pastes, previews

BLUEPRINTS = (
    autosave.blueprint,
    pastes.blueprint,
    previews.blueprint,
)
