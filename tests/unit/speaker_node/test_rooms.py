"""The agent drives a few parts and knows no more of the node than these."""

import ast
from pathlib import Path

AGENT = Path(__file__).parents[3] / "speaker_node" / "agent.py"


def test_the_agent_imports_at_most_ten_modules_of_ours() -> None:
    found: set[str] = set()
    for node in ast.walk(ast.parse(AGENT.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("speaker_node", "broadcaster")):
            names = [each.name for each in node.names]
            found |= (
                {f"{node.module}.{name}" for name in names} if node.module == "speaker_node" else {str(node.module)}
            )
    assert 5 < len(found) <= 10
