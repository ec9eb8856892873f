"""What the plan refuses, beyond the form of single fields: whatever could lose quorum, leak a key or cut a site off.

One module per subject; each yields problems and none raises, so that an operator sees all of them in one run.
"""

from fleet.problems import Problem
from fleet.refusals.access import access
from fleet.refusals.hosts import hosts
from fleet.refusals.latency import latency
from fleet.refusals.network import network
from fleet.refusals.numbering import numbering
from fleet.refusals.quorum import quorum
from fleet.spec import Fleet

__all__ = ["refusals"]


def refusals(fleet: Fleet) -> tuple[list[Problem], bool]:
    """Judges a fleet as a whole.

    Returns:
        Its problems, and whether its hosts are numbered soundly enough to compute a plan, whose own checks can then
        be added.
    """
    numbers = list(numbering(fleet))
    ranges = list(network(fleet))
    return [
        *numbers,
        *ranges,
        *access(fleet),
        *hosts(fleet),
        *quorum(fleet),
        *latency(fleet),
    ], not numbers and not ranges
