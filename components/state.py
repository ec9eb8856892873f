"""What the stack's state says before the program changes anything: interrupted operations, and who is known.

A program is not shown the state, so this asks the CLI that runs it for an export, which takes no lock and decrypts nothing.
It is asked before the first resource is registered: later the update's own operations would be among the pending ones.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2_grpc

_MACHINES: Final = (":Instance", ":Droplet", ":Machine")
"""How the types of machines end. A provider that calls its machines otherwise is added here: until then its signing hosts
count as missing, and no other one may be taken down."""


class StateError(Exception):
    """The state does not allow an update. The text names the cause and ends with what to do about it."""


@dataclass(frozen=True, kw_only=True)
class PresentState:
    """What an update starts from.

    Attributes:
        pending: What an interrupted update had begun: the kind of operation (`creating`, `updating`, `deleting`) and the URN.
        ids: The providers' ids of all resources that have one, by URN.
        protected: URNs of the resources that are marked as protected.
        retained: URNs of the resources that a deletion would only forget.
        replacing: URNs of the resources that an update has deleted and not made anew yet.
        providers: The references of the providers that made the resources, by URN.
    """

    pending: tuple[tuple[str, str], ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    retained: frozenset[str] = frozenset()
    replacing: frozenset[str] = frozenset()
    providers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def standing(self) -> frozenset[str]:
        """Names of the hosts that have a machine."""
        parts = (urn.rpartition("::") for urn in self.ids if urn not in self.replacing)
        return frozenset(name for above, _, name in parts if above.endswith(_MACHINES))

    def refuse_pending(self, stack: str) -> None:
        """Refuses to go on from an interrupted update.

        Raises:
            StateError: When operations are pending: the engine itself would warn and make the resources a second time.
        """
        if not self.pending:
            return
        lines = [
            f"  {kind} {urn.rpartition('$')[2].partition('::')[0]} {urn.rpartition('::')[2]}"
            for kind, urn in self.pending
        ]
        raise StateError(
            f"an update of stack {stack} was interrupted with {len(self.pending)} operations pending; nothing was changed now\n"
            + "\n".join(line.replace("urn:pulumi:", "") for line in lines)
            + f"\n  remedy: `{recovery(stack)}` looks what of it exists and puts the state right"
        )


def of_deployment(deployment: Mapping[str, Any]) -> PresentState:
    """Reads the `deployment` of an export."""
    resources = [one for one in deployment.get("resources") or () if not one.get("delete")]
    return PresentState(
        pending=tuple(
            (operation["type"], operation["resource"]["urn"])
            for operation in deployment.get("pending_operations") or ()
        ),
        ids={one["urn"]: one["id"] for one in resources if one.get("id")},
        protected=frozenset(one["urn"] for one in resources if one.get("protect")),
        retained=frozenset(one["urn"] for one in resources if one.get("retainOnDelete")),
        replacing=frozenset(one["urn"] for one in resources if one.get("pendingReplacement")),
        providers={one["urn"]: one["provider"] for one in resources if one.get("provider")},
    )


def recovery(stack: str) -> str:
    """The command that puts a state right: in a rehearsal the rehearsed one, never that of the real stack."""
    if os.environ.get("REDOUBT_SIMCLOUD"):
        return f"make recover STACK={stack}"
    return f"python -m ops.recover --stack {stack}"


async def present_state() -> PresentState:
    """The state as it is now; an empty one where no engine runs the program, as in tests and proofs.

    Raises:
        StateError: When it cannot be read.
    """
    if not isinstance(settings.get_engine(), engine_pb2_grpc.EngineStub):
        return PresentState()
    cli = shutil.which("pulumi")
    if cli is None:
        raise StateError(
            "the state cannot be read before the update: pulumi is not on PATH\n  remedy: put the CLI that runs this on PATH"
        )
    process = await asyncio.create_subprocess_exec(
        cli,
        *("stack", "export", "--stack", pulumi.get_stack(), "--non-interactive"),
        cwd=settings.get_root_directory(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    shown, said = await process.communicate()
    if process.returncode != 0:
        raise StateError(
            f"the state cannot be read before the update: {said.decode(errors='replace').strip()}\n"
            "  remedy: see what `pulumi stack export` says in the same shell, mend it, and run the update again"
        )
    return of_deployment(json.loads(shown).get("deployment") or {})
