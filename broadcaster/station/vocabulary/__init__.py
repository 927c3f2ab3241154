"""The words of the station: states, lifecycles, names as typed, places, pages."""
