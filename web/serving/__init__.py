"""Between the port and the application: who is let in, who must go, which requests have threads of their own."""
