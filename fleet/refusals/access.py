"""Who administers: enough ways in, and none lost in the step that adds another."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from fleet.problems import Problem
from fleet.spec import Fleet

FIELD: Final = "access.admin_cidrs"
FEWEST_ON_MAINNET: Final = 2


def access(fleet: Fleet) -> Iterator[Problem]:
    """Too few admin ranges for mainnet, and ranges that say the same twice."""
    ranges = fleet.access.admin_cidrs
    if fleet.network == "mainnet" and len(set(ranges)) < FEWEST_ON_MAINNET:
        yield Problem(
            FIELD,
            f"has {len(set(ranges))} range on mainnet, so a changed address would lock you out",
            f"give at least {FEWEST_ON_MAINNET} ranges that do not share a line or an office",
        )
    for one, other in combinations(ranges, 2):
        if one.overlaps(other):
            yield Problem(FIELD, f"{one} and {other} overlap", "keep one of them")


def admin_change(previous: Sequence[str], network: str, ranges: Sequence[str]) -> Iterator[Problem]:
    """Refuses on mainnet to add and to remove an admin range in one update.

    The fix for a wrong range travels over the way that the range opens, so a new one has to prove itself before an old
    one goes.

    Args:
        previous: The ranges of the last update, in CIDR notation; empty when there was none.
        network: `testnet` or `mainnet`.
        ranges: The ranges as they are to be.
    """
    before, after = set(previous), set(ranges)
    added, removed = sorted(after - before), sorted(before - after)
    if network == "mainnet" and before and added and removed:
        yield Problem(
            FIELD,
            f"adds {', '.join(added)} and removes {', '.join(removed)} in one update",
            "keep the old ranges, update, log in from the new ones, and then remove the old in a second update",
        )
