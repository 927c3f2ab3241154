"""The only MQTT on the station's side."""
