"""Live sound on its way to the player: packets judged, frames by their place, silence where nothing came."""
