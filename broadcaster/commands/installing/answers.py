"""Questions of ``loa setup``: answered on the command line, else typed, else as is usual."""

import getpass
import sys


def answer(given: str | None, question: str, *, default: str | None = None) -> str:
    """From the command line, else typed; without a terminal what is usual. Raises EOFError where nothing is."""
    if given is not None:
        return given
    if not sys.stdin.isatty():
        if default is None:
            raise EOFError
        return default
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while not (typed := input(shown).strip()) and default is None:
        pass
    return typed or default or ""


def secret(question: str) -> str:
    """Typed unseen; empty without a terminal."""
    return getpass.getpass(f"{question}: ").strip() if sys.stdin.isatty() else ""
