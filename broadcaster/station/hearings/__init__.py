"""What the machine listener made out of clips, and which it should hear next."""
