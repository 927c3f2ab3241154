"""Announcements: their pages, recordings, versions in other languages, and the same through the API."""
