"""When things are said."""
