"""The result of a look for drift: on a terminal, and as JSON. No value of a property is ever in it but ranges and ports.

Names and paths come from the cloud, where strangers choose some of them: they are shown without control characters, and
never read as markup.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ops.drift.model import Change, Finding, Point, Severity

STYLES: Final[dict[Severity, str]] = {
    "stake": "bold white on red",
    "exposure": "bold red",
    "uptime": "yellow",
    "housekeeping": "cyan",
}
LONGEST: Final = 400
MOST_PATHS: Final = 8
SIGNS: Final = {"add": "+", "delete": "-", "update": "~"}


def printable(text: str, longest: int = LONGEST) -> str:
    """A text that does nothing to a terminal: control, format and other invisible characters are written out."""
    shown = "".join(_written_out(one) if unicodedata.category(one)[0] == "C" else one for one in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii") if not 0xD800 <= ord(character) <= 0xDFFF else "\\u"


def show(stack: str, looked_at: int, findings: Iterable[Finding], console: Console | None = None) -> None:
    """Prints the findings, worst first."""
    out = console or Console(highlight=False, soft_wrap=False)
    found = list(findings)
    for finding in found:
        _show_finding(out, finding)
    if not found:
        _print(out, f"no drift: {looked_at} resources of stack {stack} are as the state says", "bold green")
        return
    counts = ", ".join(
        f"{number} {severity}" for severity in STYLES if (number := sum(one.severity == severity for one in found))
    )
    _print(out, f"{len(found)} of {looked_at} resources of stack {stack} have drifted: {counts}", "bold red")
    if any(one.holds for one in found):
        text = (
            "Until what is held back above is settled, run neither `pulumi refresh` nor a whole `pulumi up --refresh`. What "
            "else has to be put back: `pulumi up --refresh --target 'URN'`."
        )
        _print(out, text, "bold")


def _show_finding(out: Console, finding: Finding) -> None:
    resource = finding.resource
    place = resource.place.host or resource.place.group or resource.place.site or "the stack"
    heading = Text.assemble(
        (f" {finding.severity} ", STYLES[finding.severity]),
        (f" {printable(place)}", "bold"),
        f"  {printable(resource.type)} {printable(resource.name)}",
    )
    out.print(heading, soft_wrap=True)
    for point in finding.points:
        _print(out, point.meaning.says, indent=2)
        if point.changes:
            _print(out, f"changed: {paths(point.changes)}", "dim", indent=4)
        for number, remedy in enumerate(point.meaning.remedies, 1):
            _print(out, f"{number}. {remedy.kind}: {remedy.text}", indent=4)
    needs_urn = any(one.kind == "up" for point in finding.points for one in point.meaning.remedies)
    if needs_urn or finding.holds:  # in one line, to be copied
        out.print(Text(f"    '{printable(resource.urn)}'", style="dim"), soft_wrap=True)
    out.print()


def _print(out: Console, text: str, style: str = "", indent: int = 0) -> None:
    out.print(Padding(Text(printable(text), style=style), (0, 0, 0, indent)))


def paths(changes: Iterable[Change]) -> str:
    """Paths with the kind of change; what the engine does not count is marked."""
    shown = [
        f"{SIGNS[one.kind]} {printable(one.path, 80)}{' (unseen by the engine)' if one.unseen else ''}"
        for one in changes
    ]
    more = f", and {len(shown) - MOST_PATHS} more" if len(shown) > MOST_PATHS else ""
    return f"{', '.join(shown[:MOST_PATHS])}{more}"


def plain(stack: str, looked_at: int, findings: Iterable[Finding]) -> dict[str, Any]:
    """The result as JSON has it: `drift`, `looked_at`, and each finding with its points."""
    found = [_plain_finding(one) for one in findings]
    return {"stack": stack, "looked_at": looked_at, "drift": bool(found), "findings": found}


def _plain_finding(finding: Finding) -> dict[str, Any]:
    resource = finding.resource
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "site": resource.place.site,
        "host": resource.place.host,
        "severity": finding.severity,
        "gone": finding.gone,
        "holds": finding.holds,
        "points": [_plain_point(point) for point in finding.points],
    }


def _plain_point(point: Point) -> dict[str, Any]:
    meaning = point.meaning
    return {
        "severity": meaning.severity,
        "says": meaning.says,
        "changes": [
            {"path": one.path, "kind": one.kind, "replaces": one.replaces, "unseen": one.unseen}
            for one in point.changes
        ],
        "remedies": [{"kind": one.kind, "text": one.text} for one in meaning.remedies],
    }
