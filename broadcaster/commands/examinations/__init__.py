"""What `loa doctor` tries outside the database: voices, ports, certificates, places of backups."""
