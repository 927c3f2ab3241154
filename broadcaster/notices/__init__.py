"""Messages to people outside the console: the thread that sends them, a file for each channel, the one way outside.

Nothing else of ours imports ``apprise`` or ``pywebpush``.
"""
