"""Decides the claims about what a stack sends."""

import gc

from fleet.proofs.intended import intent
from fleet.proofs.report import Report, prove
from ops.prove.rendered import Rendered


def decided(sent: Rendered) -> Report:
    """The claims about a rendered stack.

    Raises:
        fleet.proofs.reading.resources.ReadingError: When something is rendered that the proofs do not model.
    """
    collects = gc.isenabled()
    gc.disable()  # boxes form no cycles, and each collection would walk what the recorded program left
    try:
        world = sent.world()
        return prove(world, sent.planned, intent(sent.planned), sent.addresses, resources=len(sent.resources))
    finally:
        if collects:
            gc.enable()
