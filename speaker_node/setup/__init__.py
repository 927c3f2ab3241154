"""From a bundle to a running service: enrolment, settings, installation."""
