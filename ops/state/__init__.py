"""Backups of a stack's state: taken, proved by importing them, and put back. `docs/state.md` is the guide."""

from ops.state.backup import refuse_older_than_backup
from ops.state.export import Finding

__all__ = ["Finding", "refuse_older_than_backup"]
