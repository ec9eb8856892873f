"""Rehearsals: any stack of this repository, on simulated clouds, without a credential. See `workspace`."""

from ops.rehearsal.errors import RehearsalError
from ops.rehearsal.workspace import DIRECTORY, Rehearsal

__all__ = ["DIRECTORY", "Rehearsal", "RehearsalError"]
