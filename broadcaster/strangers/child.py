"""The bounded process itself: started as a file by the interpreter, never imported by the house."""

import json
import os
import sys
from importlib import import_module
from typing import Any


def main() -> int:
    """Confine the process, read the bytes, call the function, write its answer."""
    order = json.loads(sys.argv[1])
    sys.path.insert(0, order["root"])
    sys.argv[1:] = []
    from broadcaster.strangers.bounds import Bounds
    from broadcaster.strangers.confinement import confine

    answer = os.dup(1)
    # What a library prints must not stand in the answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    guards = confine(Bounds(**order["bounds"]), root=order["root"], folder=order["folder"])
    refused, facts, content = _call(order["function"], order["options"])
    head = {"facts": facts, "refused": refused, "guards": guards, "length": len(content)}
    with os.fdopen(answer, "wb") as file:
        # Past the limit of a file's size the rest is not written, and the length tells.
        file.write(json.dumps(head, ensure_ascii=False).encode() + b"\n")
        file.write(content)
    return 0


def _call(function: str, options: dict[str, Any]) -> tuple[str | None, Any, bytes]:
    from broadcaster.strangers.bounds import Refused

    try:
        module, _, name = function.partition(":")
        facts, content = getattr(import_module(module), name)(sys.stdin.buffer.read(), options)
    except Refused as refusal:
        return refusal.code, refusal.facts, b""
    except MemoryError:
        return "too_much_memory", {}, b""
    except Exception as error:  # noqa: BLE001 (the outermost frame: libraries raise anything at a hostile file)
        return "crashed", {"error": type(error).__name__}, b""
    return None, facts, content


if __name__ == "__main__":
    sys.exit(main())
