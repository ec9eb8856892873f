"""The result of the check on a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ops.upgrade_check.preview import COUNTED, Change
from ops.upgrade_check.steps import Step
from toolchain.sdks import differing


def show(stack: str, steps: Sequence[Step], console: Console | None = None) -> None:
    """Prints one row for each step, then what each would replace, delete, update or create, and why."""
    out = console or Console(highlight=False, soft_wrap=True)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("step")
    for name in (*COUNTED, "up", "preview"):
        table.add_column(name, justify="right")
    for step in steps:
        counts = [str(step.preview.counts[one]) for one in COUNTED]
        seconds = (f"{step.up_seconds:.1f} s", f"{step.preview_seconds:.1f} s")
        table.add_row(f"{step.before.name} -> {step.after.name}", *counts, *seconds)
    out.print(f"stack {stack}, made with one set of SDKs and previewed with another, on simulated clouds")
    out.print(table)
    for step in steps:
        for line in details(step):
            out.print(line, markup=False)
    lost = sum(not step.keeps for step in steps)
    out.print(
        f"FAILED: {lost} of {len(steps)} upgrades would replace or delete"
        if lost
        else "every upgrade keeps what exists",
        style="bold red" if lost else "bold green",
    )


def details(step: Step) -> list[str]:
    """The versions, each replacement and deletion with its cause, the updates and creations by type and cause."""
    versions = differing(step.before.versions, step.after.versions)
    told = ", ".join(f"{name} {old} -> {new}" for name, (old, new) in versions.items()) or "the same versions"
    lines = [f"{step.before.name} -> {step.after.name}: {told}"]
    lines += [f"  refused: {error}" for error in step.preview.errors]
    lines += [f"  {one.operation} {one.type} {one.name}: {_cause(one)}" for one in step.preview.losses]
    others = Counter(
        (one.operation, one.type, _cause(one)) for one in step.preview.changes if one not in step.preview.losses
    )
    lines += [f"  {operation} {count} x {kind}: {cause}" for (operation, kind, cause), count in others.items()]
    return lines if len(lines) > 1 else [*lines, "  nothing changes"]


def _cause(change: Change) -> str:
    if change.properties:
        return ", ".join(change.properties)
    return {"replace": "follows from another replacement", "delete": "the program no longer knows it"}.get(
        change.operation, "new"
    )
