"""Decides the claims about what a stack sends."""

import gc

from fleet.proofs.report import Report, prove
from ops.prove.rendered import Rendered, intent


def decided(sent: Rendered) -> Report:
    """The claims about a rendered stack.

    Raises:
        fleet.proofs.reading.resources.ReadingError: When something is rendered that the proofs do not model.
    """
    gc.freeze()  # else every collection walks what the recorded program left, for a third of the time
    try:
        world = sent.world()
        return prove(world, sent.planned, intent(sent.planned), sent.addresses, resources=len(sent.resources))
    finally:
        gc.unfreeze()
