"""Where the pack and Checkov differ, and whether each difference is explained."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ops.scanners import ours
from ops.scanners.model import Sample


@dataclass(frozen=True, kw_only=True)
class Row:
    """What both say of one sample.

    Attributes:
        checkov: Checks that the broken form fails and the sound one does not.
        ours: Rules that the broken form violates and the sound one does not.
        against: Checks that the sound form fails.
        reversed: Those of them that the broken form does not fail.
        refused: Rules on single resources of a cloud that the sound form violates; there should be none.
        near: Checks that the form close to the broken one fails.
    """

    sample: Sample
    checkov: frozenset[str]
    ours: frozenset[str]
    against: frozenset[str]
    reversed: frozenset[str]
    refused: frozenset[str]
    near: frozenset[str]

    @property
    def differs(self) -> bool:
        """Whether one finds the fault and the other does not."""
        return bool(self.checkov) != bool(self.ours)


def row(sample: Sample, sound: frozenset[str], broken: frozenset[str], near: frozenset[str] = frozenset()) -> Row:
    """What both say of a sample.

    Args:
        sample: The sample; the pack is asked here.
        sound: The ids of the checks that its sound form fails.
        broken: Those that its broken form fails.
        near: Those that the form close to the broken one fails, where it has one.
    """
    before, after = ours.violated(sample.sound), ours.violated(sample.broken)
    return Row(
        sample=sample,
        checkov=broken - sound,
        ours=after - before,
        against=sound,
        reversed=sound - broken,
        refused=ours.on_single_resources(before),
        near=near,
    )


def problems(rows: Sequence[Row], accepted: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the samples and their explanations, with the remedy.

    Args:
        rows: What was said of each sample.
        accepted: Checks that fail on sound forms, each with the reason why that is so.
    """
    for one in rows:
        yield from _problems(one)
    against = frozenset[str]().union(*(one.against for one in rows))
    for check in sorted(against - accepted.keys()):
        names = ", ".join(one.sample.name for one in rows if check in one.against)
        yield f"{check} fails on the sound form of {names}: mend the form, or say in ACCEPTED why that is so"
    for check in sorted(accepted.keys() - against):
        yield f"{check} fails on no sound form any more: take it out of ACCEPTED"


def _problems(one: Row) -> Iterator[str]:
    name = one.sample.name
    if one.refused:
        yield f"{name}: {', '.join(sorted(one.refused))} refuses the sound form: mend the form, or the rule"
    if one.sample.near and one.sample.near[0] not in one.near:
        yield f"{name}: {one.sample.near[0]} passes the form that it is to find: its silence about the fault shows nothing"
    if one.differs and not one.sample.why:
        finder = "the pack" if one.ours else "Checkov"
        yield f"{name}: {finder} alone finds the fault: say in the sample's `why` how that comes"
    elif not one.ours and not one.checkov:
        yield f"{name}: neither finds the fault: mend the broken form, or take the sample out"
    elif not one.differs and one.sample.why:
        yield f"{name}: both find the fault, and its `why` explains a difference: take the `why` out"
