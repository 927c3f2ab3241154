"""A machine that listens: which of the true words does a speech recogniser still make out in a clip?

Optional (``pip install .[listener]``). It ranks treatments of the same clip and points at syllables worth hearing
again; it does not measure what people understand, nor tones, nor accents.
"""
