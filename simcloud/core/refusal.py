"""A provider that refuses everything, for a process that must not work where it was started.

It answers instead of ending at once because the engine calls a provider that ends before its first answer a bug, asks
the user to report it, and prints the reason under that.
"""

from __future__ import annotations

from typing import NoReturn

from pulumi.provider.experimental import provider as sdk

from simcloud.core.errors import SimcloudError


class Refusal(sdk.Provider):
    """Refuses to be configured, without which the engine asks for nothing else."""

    def __init__(self, reason: SimcloudError) -> None:
        self.reason = reason

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse; a failure of the configuration is what the engine shows best."""
        return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure("", str(self.reason))])

    async def diff_config(self, request: sdk.DiffRequest) -> NoReturn:
        """Refuse."""
        raise self.reason

    async def configure(self, request: sdk.ConfigureRequest) -> NoReturn:
        """Refuse."""
        raise self.reason

    async def check(self, request: sdk.CheckRequest) -> NoReturn:
        """Refuse; unlike create, the base class would let this pass."""
        raise self.reason

    async def diff(self, request: sdk.DiffRequest) -> NoReturn:
        """Refuse."""
        raise self.reason

    async def read(self, request: sdk.ReadRequest) -> NoReturn:
        """Refuse."""
        raise self.reason
