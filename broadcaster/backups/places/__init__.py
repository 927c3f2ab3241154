"""Where backups lie: a folder, a USB stick, another machine."""
