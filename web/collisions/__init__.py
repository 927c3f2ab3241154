"""Priority announcements that collide."""
