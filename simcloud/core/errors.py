"""Errors that a user of the simulated clouds is meant to read; every one ends with the remedy."""

from __future__ import annotations


class SimcloudError(Exception):
    """Base of the errors that reach the user as they are, without a Python traceback."""


class CloudError(SimcloudError):
    """What the cloud's API answers when it refuses a call.

    `code` is the cloud's own error code, so that a program or a runbook that looks for it finds it. With `retry` the
    real provider calls again for a while before it gives up; the simulated one does so too, for a shorter while.
    """

    def __init__(self, code: str, message: str, remedy: str, *, retry: bool = False) -> None:
        super().__init__(f"{code}: {message}: {remedy}")
        self.code = code
        self.retry = retry


class LedgerError(SimcloudError):
    """The ledger's file cannot be used."""


class ConfigError(SimcloudError):
    """The provider cannot start as it is configured."""
