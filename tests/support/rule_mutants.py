"""Weakens rules, one small thing at a time, and looks whether their cases notice.

A mutant is a rule's module with one change: a violation that is never told, a condition turned round or left out, an
entry of a list that is gone, a bound moved by one. Annotations, imports and a rule's words are left alone.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from policies.rule import Rule, StackRule
from tests.support.policy_cases import Cases, verdict

WORDS = frozenset({"id", "title", "why", "remedy", "severity", "tags", "answers", "advisory", "waivable", "settings"})
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
NEXT: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


@dataclass(frozen=True)
class Mutant:
    """One weakened rule.

    Attributes:
        where: Its module and line.
        change: What was changed.
        rule: The weakened rule; None where the change leaves no module that loads, which counts as noticed.
    """

    where: str
    change: str
    rule: Rule | StackRule | None


def mutants(module: ModuleType) -> Iterator[Mutant]:
    """All mutants of a rule's module."""
    path = str(module.__file__)
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - the loader's own path
        tree = ast.parse(file.read())
    for number in range(len(list(_changes(tree)))):
        copy = deepcopy(tree)
        line, change, apply = list(_changes(copy))[number]
        apply()
        yield Mutant(f"{module.__name__}:{line}", change, _loaded(copy, module, path))


def noticed(mutant: Mutant, cases: Cases) -> bool:
    """Whether a case tells the mutant from the rule."""
    rule = mutant.rule
    if rule is None:
        return True
    good = cases.sample()
    expected = [("fail", change) for change in cases.fails.values()]
    expected += [("pass", change) for change in cases.passes.values()]
    expected += [("deferred", change) for change in cases.defers.values()]
    expected.append(("pass", lambda given: given))
    return any(_verdict(rule, change(good), cases.settings) != wanted for wanted, change in expected)


def _verdict(rule: Rule | StackRule, given: Any, settings: Any) -> str:
    try:
        return verdict(rule, given, settings)
    except Exception as error:  # noqa: BLE001 - a mutant that falls over is noticed by whoever runs it
        return f"{type(error).__name__}"


def _loaded(tree: ast.Module, module: ModuleType, path: str) -> Rule | StackRule | None:
    made = ModuleType(module.__name__)
    made.__file__ = path
    sys.modules.setdefault(module.__name__, module)
    try:
        exec(compile(ast.fix_missing_locations(tree), path, "exec"), made.__dict__)  # noqa: S102 - our own source
    except Exception:  # noqa: BLE001
        return None
    return made.RULE


def _changes(tree: ast.Module) -> Iterator[tuple[int, str, Any]]:
    for node, parent, field, index in _nodes(tree):
        line = getattr(node, "lineno", getattr(parent, "lineno", 0))
        put = _putter(parent, field, index)
        yield from _said(node, line, put)
        yield from _decided(node, line, put)
        yield from _listed(node, line)


def _said(node: ast.AST, line: int, put: Any) -> Iterator[tuple[int, str, Any]]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        yield line, "says nothing", lambda: put(ast.Pass())
    elif isinstance(node, ast.Return | ast.Continue):
        yield line, "goes on", lambda: put(ast.Pass())


def _decided(node: ast.AST, line: int, put: Any) -> Iterator[tuple[int, str, Any]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _compared(node, line)
    elif isinstance(node, ast.BoolOp):
        yield from _joined(node, line, put)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield line, "drops a not", lambda: put(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield line, f"says {not node.value}", lambda: setattr(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        number = node.value
        yield line, f"{number} plus one", lambda: setattr(node, "value", number + 1)


def _listed(node: ast.AST, line: int) -> Iterator[tuple[int, str, Any]]:
    if isinstance(node, ast.Set | ast.Tuple | ast.List) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for place in range(len(node.elts)):
            yield line, f"drops entry {place}", lambda place=place: node.elts.pop(place)
    elif isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            yield line, f"drops key {place}", lambda place=place: _drop_key(node, place)
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield line, f"drops condition {place}", lambda place=place: node.ifs.pop(place)


def _compared(node: ast.Compare, line: int) -> Iterator[tuple[int, str, Any]]:
    kind = type(node.ops[0])
    if kind in OPPOSITE:
        yield line, "turns a comparison round", lambda: node.ops.__setitem__(0, OPPOSITE[kind]())
    if kind in NEXT:
        yield line, "moves a bound", lambda: node.ops.__setitem__(0, NEXT[kind]())


def _joined(node: ast.BoolOp, line: int, put: Any) -> Iterator[tuple[int, str, Any]]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield line, "swaps and and or", lambda: setattr(node, "op", other)
    for place in range(len(node.values)):
        left = [each for at, each in enumerate(node.values) if at != place]
        yield (
            line,
            f"drops operand {place}",
            lambda left=left: put(left[0] if len(left) == 1 else ast.BoolOp(node.op, left)),
        )


def _drop_key(node: ast.Dict, place: int) -> None:
    del node.keys[place]
    del node.values[place]


def _putter(parent: ast.AST, field: str, index: int | None) -> Any:
    def put(node: ast.AST) -> None:
        if index is None:
            setattr(parent, field, node)
        else:
            getattr(parent, field)[index] = node

    return put


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, str, int | None]]:
    """Every node that may be changed, with where it hangs."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns") or (isinstance(value, ast.Subscript) and field == "slice"):
            continue
        children: Sequence[tuple[int | None, Any]] = (
            list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        )
        for index, child in children:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.keyword) and child.arg in WORDS:
                continue
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "cast":
                yield child.args[1], child, "args", 1
                yield from _nodes(child.args[1])
                continue
            yield child, tree, field, index
            yield from _nodes(child)
