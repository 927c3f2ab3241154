"""How programs ask: one table of endpoints, the bodies many of them share, the OpenAPI document."""
