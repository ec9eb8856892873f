"""In which order hosts change, so that no step can take down two signers.

Three stages (design, section 7): base and keys, then mesh, then roles. In the last, signers come before validators,
since a node with a remote signer waits for it at boot (cometbft v0.38.25, node/setup.go), and every signing host stands
alone in its step, behind a gate of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet.hosts import Host

Stage = Literal["base", "mesh", "roles"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Hosts that change together; the next step waits for its gate.

    Attributes:
        stage: Which of the three stages.
        hosts: Names of the hosts, in the plan's order.
        gate: What must hold before the next step, in words.
    """

    stage: Stage
    hosts: tuple[str, ...]
    gate: str


def rollout(hosts: Sequence[Host]) -> tuple[Step, ...]:
    """The steps of an update that touches every host."""
    return (*_base(hosts), *_mesh(hosts), *_roles(hosts))


def _base(hosts: Sequence[Host]) -> Iterator[Step]:
    gateways = tuple(host.name for host in hosts if host.role == "gateway")
    others = tuple(host.name for host in hosts if host.role != "gateway")
    if gateways:
        yield Step(stage="base", hosts=gateways, gate="every proxy answers: the other hosts install through it")
    if others:
        yield Step(stage="base", hosts=others, gate="every host has shown its public keys")


def _mesh(hosts: Sequence[Host]) -> Iterator[Step]:
    for site_id in sorted({host.site_id for host in hosts}):
        inside = tuple(host.name for host in hosts if host.site_id == site_id)
        yield Step(stage="mesh", hosts=inside, gate="every tunnel that was up is up, also after the UDP timeouts")


def _roles(hosts: Sequence[Host]) -> Iterator[Step]:
    cosigners = sorted((host for host in hosts if host.role == "cosigner"), key=lambda host: host.shard_id or 0)
    for cosigner in cosigners:
        gate = "the group signs with this cosigner as leader"
        yield Step(stage="roles", hosts=(cosigner.name,), gate=gate)
    for validator in (host for host in hosts if host.role == "validator"):
        yield Step(
            stage="roles", hosts=(validator.name,), gate="the node follows the chain and its signer is connected"
        )
    for role, gate in (("sentry", "the sentry has peers"), ("monitor", "the exporters are read")):
        for site_id in sorted({host.site_id for host in hosts if host.role == role}):
            inside = tuple(host.name for host in hosts if host.role == role and host.site_id == site_id)
            yield Step(stage="roles", hosts=inside, gate=gate)
