"""Online voices with the operator's own key: a description of each provider over one engine."""
