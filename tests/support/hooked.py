"""Calls the program's hooks as the engine would, in a run of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.aws.hosts import INSTANCE
from components.guard import Guard
from components.state import PresentState
from fleet.plan import Plan, plan
from tests.support.mocked import Clouds, run_any
from tests.support.samples import changed, committed


@dataclass
class Asked:
    """What one hook is called with."""

    name: str
    type: str = INSTANCE
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    id: str = "i-1"

    @property
    def urn(self) -> str:
        return f"urn:pulumi:testnet::redoubt::{self.type}::{self.name}"

    @property
    def args(self) -> pulumi.ResourceHookArgs:
        return pulumi.ResourceHookArgs(self.urn, self.id, self.name, self.type, self.new, self.old)


class Answering(Clouds):
    """A cloud whose functions all give one answer, and that keeps what it was asked."""

    def __init__(self, answer: dict[str, Any]):
        super().__init__(preview=False, previous_outputs={})
        self.answer, self.asked = answer, []

    def call(self, args: Any) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        self.asked.append((args.token, args.provider, args.args))
        return {**args.args, **self.answer}, []


def planned(**fields: Any) -> Plan:
    return plan(changed(committed("testnet"), lambda config: config.update(fields)), "testnet")


def said(
    found: Plan,
    program: Callable[[Guard], Awaitable[None]],
    state: PresentState | None = None,
    cloud: Clouds | None = None,
) -> str:
    """What a hook says in a run of its own; empty where it lets everything through."""
    told: list[str] = []

    async def asked() -> None:
        try:
            await program(Guard(found, state or PresentState()))
        except Exception as refusal:  # noqa: BLE001 - the hooks' own exception is none of the callers' affair
            told.append(str(refusal))

    run_any(asked, {}, "testnet", cloud or Clouds(preview=False, previous_outputs={}))
    return "".join(told)


def standing(*hosts: str, **more: Any) -> PresentState:
    """A state in which these hosts have a machine and nothing else is."""
    return PresentState(ids={Asked(host).urn: f"i-{host}" for host in hosts}, **more)


async def call(hooks: pulumi.ResourceHookBinding | None, which: str, asked: Asked) -> None:
    for hook in getattr(hooks, which, None) or []:
        answer = hook(asked.args)
        if asyncio.iscoroutine(answer):
            await answer
