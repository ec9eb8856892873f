"""The gRPC service of a simulated provider: the SDK's, with four corrections.

1. An error that the user is meant to read arrives without a Python traceback.
2. DiffConfig is answered as the protocol says; the SDK's (3.272.0, provider/experimental/server.py) puts Python's
   True, which is the protocol's DIFF_NONE, in place of DIFF_SOME, and fails on a detailed diff.
3. Of a resource that is gone, Read answers no properties at all. The SDK sends an empty set of them, which the engine's
   imports take for a resource without properties (ImportStep in pkg/resource/deploy/step.go, engine 3.259.0).
4. A provider whose engine has died ends, instead of holding the ledger open for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, cast

import grpc
import grpc.aio
from pulumi.provider.experimental.provider import DiffRequest, Provider
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime import proto
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from simcloud.core.errors import SimcloudError
from simcloud.core.wire import PropertyValue

ENGINE_WATCH_SECONDS = 1.0

P = ParamSpec("P")
R = TypeVar("R")


def readable(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, CoroutineType[Any, Any, R]]:
    """The method, with errors meant for the user sent as they are; the SDK wraps them in text with a traceback."""

    @functools.wraps(method)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except Exception as error:
            cause = error if isinstance(error, SimcloudError) else error.__context__
            if isinstance(cause, SimcloudError):
                _servicer, _request, context = args
                await cast("grpc.aio.ServicerContext", context).abort(grpc.StatusCode.UNKNOWN, str(cause))
            raise

    return answer


class Servicer(ProviderServicer):
    """The SDK's service with the corrections of this module."""

    CheckConfig = readable(ProviderServicer.CheckConfig)
    Configure = readable(ProviderServicer.Configure)
    Check = readable(ProviderServicer.Check)
    Diff = readable(ProviderServicer.Diff)
    Create = readable(ProviderServicer.Create)
    Update = readable(ProviderServicer.Update)
    Delete = readable(ProviderServicer.Delete)
    Invoke = readable(ProviderServicer.Invoke)

    @readable
    async def Read(self, request: Any, context: Any) -> proto.ReadResponse:  # noqa: N802 -- the protocol's name
        """The resource as it is, or an answer without an id and properties."""
        answer = await ProviderServicer.Read(self, request, context)
        return answer if answer.id else proto.ReadResponse()

    @readable
    async def DiffConfig(self, request: Any, context: Any) -> proto.DiffResponse:  # noqa: N802 -- the protocol's name
        """Whether a change of the provider's configuration is one, and whether it replaces the provider."""
        answer = await self._provider.diff_config(
            DiffRequest(
                urn=request.urn,
                resource_id=request.id,
                old_state=PropertyValue.unmarshal_map(request.olds),
                new_inputs=PropertyValue.unmarshal_map(request.news),
                ignore_changes=list(request.ignoreChanges),
            )
        )
        changes = proto.DiffResponse.DIFF_SOME if answer.changes else proto.DiffResponse.DIFF_NONE
        return proto.DiffResponse(changes=changes, diffs=answer.diffs, replaces=answer.replaces)


def serve(version: str, provider: Provider, engine_address: str) -> None:
    """Answer the engine until it asks for an end or is gone: the port on the first line of output, then gRPC."""
    asyncio.run(_serve(version, provider, engine_address))


async def _serve(version: str, provider: Provider, engine_address: str) -> None:
    end = _end_asked()
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    servicer = Servicer(sys.argv[1:], version, provider, engine_address=engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    engine = os.getppid()
    print(port, flush=True)
    while os.getppid() == engine and not end.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(end.wait(), ENGINE_WATCH_SECONDS)
    await server.stop(grace=None)


def _end_asked() -> asyncio.Event:
    """Set when the engine asks for an end, which it does with SIGINT; it kills what ignores that after 5 s.

    A user's Ctrl-C is not meant: the engine starts its plugins in process groups of their own.
    """
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    return end
