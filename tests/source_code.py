"""What tests read off sources."""

from __future__ import annotations

import ast


def dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for an attribute of an attribute of a name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
