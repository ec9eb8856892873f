"""The comparison as it is printed, and as it stands in docs/scanners.md between two marks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.scanners.compare import Row
from toolchain.layout import REPOSITORY

DOCS: Final = REPOSITORY.root / "docs" / "scanners.md"
BEGIN: Final = "<!-- begin: python -m ops.scanners --write -->"
END: Final = "<!-- end -->"
NOTHING: Final = "nothing"


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The comparison for a terminal."""
    for one in rows:
        yield f"{one.sample.name}: {one.sample.resource}: {one.sample.fault}"
        yield f"    Checkov  {_checkov(one)}"
        yield f"    pack     {found(one.ours)}"
        if one.sample.why:
            yield f"    why      {one.sample.why}"
    yield summary(rows)


def markdown(rows: Sequence[Row], accepted: Mapping[str, str], head: str) -> str:
    """The comparison for the docs, without the marks.

    Args:
        rows: What was said of each sample.
        accepted: Checks that fail on sound forms, each with the reason why that is so.
        head: Date and versions.
    """
    text = [head, "", summary(rows), "", "| sample | what is broken | Checkov | the pack | why they differ |"]
    text.append("|---|---|---|---|---|")
    for one in rows:
        sample = one.sample
        what = f"{sample.resource}: {sample.fault}"
        text.append(f"| {sample.name} | {what} | {_checkov(one)} | {found(one.ours)} | {sample.why} |")
    text += [
        "",
        "Checks that fail on sound forms:",
        "",
        "| check | on | why the pack lets them pass |",
        "|---|---|---|",
    ]
    for check, why in sorted(accepted.items()):
        names = ", ".join(one.sample.name for one in rows if check in one.against)
        text.append(f"| {check} | {names} | {why} |")
    return "\n".join(text)


def head(today: date, checkov: str, pack: str, rules: int) -> str:
    """Date and versions, as the docs have them."""
    return f"{today.isoformat()}: Checkov {checkov}; the pack of redoubt {pack}, with {rules} rules."


def summary(rows: Sequence[Row]) -> str:
    """How many are found by whom."""
    both = sum(1 for one in rows if one.checkov and one.ours)
    pack = sum(1 for one in rows if one.ours and not one.checkov)
    checkov = sum(1 for one in rows if one.checkov and not one.ours)
    return f"Of {len(rows)} faults, both find {both}, the pack alone {pack}, Checkov alone {checkov}."


def write(content: str, path: Path = DOCS) -> None:
    """Puts the comparison between the marks of the docs.

    Raises:
        OperationError: When the marks are not there.
    """
    text = path.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise OperationError(f"{path} lacks its marks\n  remedy: put back {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{content}\n\n{END}{after}")


def found(ids: frozenset[str]) -> str:
    """Ids in order, or that there are none."""
    return ", ".join(sorted(ids)) or NOTHING


def _checkov(one: Row) -> str:
    text = found(one.checkov)
    if one.reversed:
        text += f"; {found(one.reversed)} fails on the sound form, not on this one"
    return f"{text} ({one.sample.near[0]} finds one close to it)" if one.sample.near else text
