"""The form an announcement is written in, with everything that helps with writing."""

from web.drafts import autosave, previews

BLUEPRINTS = (
    autosave.blueprint,
    previews.blueprint,
)
