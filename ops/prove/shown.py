"""The result of the proofs on a terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from fleet.proofs.report import Report, Verdict

STYLES = {"proved": "green", "failed": "bold red", "accepted": "yellow", "not decided": "yellow"}
MOST_SHOWN = 10


def show(report: Report, filled: list[str], console: Console | None = None) -> None:
    """Prints the claims, then what failed, what one layer alone holds, and what is not covered."""
    out = console or Console(highlight=False, soft_wrap=False)
    table = Table(box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in ("claim", "", "result", "decided over"):
        table.add_column(name, overflow="fold")
    for verdict in report.verdicts:
        result = Text(verdict.outcome, style=STYLES[verdict.outcome])
        table.add_row(verdict.claim, escape(verdict.says), result, escape(verdict.evidence))
    out.print(f"stack {report.stack}: {report.hosts} hosts, {report.resources} resources as they would be sent")
    if filled:
        out.print(f"stood in for what the stack file leaves open: {', '.join(filled)}", markup=False)
    out.print(table)
    for verdict in report.verdicts:
        _details(out, verdict)
    out.print("not covered:")
    for line in report.not_covered:
        out.print(f"  - {line}", markup=False)
    failed = [one.claim for one in report.verdicts if one.outcome == "failed"]
    verdict = f"FAILED: {', '.join(failed)}" if failed else "every claim holds"
    out.print(f"\n{verdict}", style="bold red" if failed else "bold green")


def _details(out: Console, verdict: Verdict) -> None:
    if verdict.failures:
        out.print(f"{verdict.claim} fails:", style="red")
        _lines(out, verdict.failures)
    if verdict.listed:
        by_outcome = {"accepted": "accepted in writing:", "not decided": "not decided:"}
        proved = "held by one layer alone:" if verdict.claim == "d" else "a quorum stands, but:"
        heading = by_outcome.get(verdict.outcome, proved)
        out.print(f"{verdict.claim}, {heading}")
        _lines(out, verdict.listed)


def _lines(out: Console, lines: tuple[str, ...]) -> None:
    for line in lines[:MOST_SHOWN]:
        out.print(f"  - {line}", markup=False)
    if len(lines) > MOST_SHOWN:
        out.print(f"  ... and {len(lines) - MOST_SHOWN} more; --json FILE writes all of them", markup=False)
