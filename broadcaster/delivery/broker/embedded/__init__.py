"""A broker inside this process (amqtt), for the first five minutes on a machine without Mosquitto."""
