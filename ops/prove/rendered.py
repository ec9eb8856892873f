"""All that a stack would send: resources to providers, recorded under mocks, and files to hosts.

Recorded programs know every id and address. The addresses that providers would choose are made up, distinct, and inside
their range; `fleet.proofs` refuses rules that would depend on which ones they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cloudinit.provable import host_files
from fleet.addressing import Symbol
from fleet.plan import Plan
from fleet.proofs.intended import facts
from fleet.proofs.model import World
from fleet.proofs.reading.resources import Resource
from fleet.proofs.reading.world import HostFiles, read_world
from ops.recording.monitor import Recording


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A stack as sent.

    Attributes:
        addresses: Addresses that providers chose, by symbol.
    """

    planned: Plan
    resources: tuple[Resource, ...]
    files: Mapping[str, HostFiles]
    addresses: Mapping[str, str]

    def world(self) -> World:
        """The fleet as the proofs see it.

        Raises:
            fleet.proofs.reading.resources.ReadingError: When something is rendered that they do not model.
        """
        return read_world(self.resources, facts(self.planned), self.files)


def rendered(planned: Plan, recording: Recording) -> Rendered:
    """What a recorded run of the program sends, with the host files of its plan."""
    resources = tuple(
        Resource(urn=one.urn, type=one.type, name=one.name, inputs=one.inputs, outputs=recording.outputs[one.urn])
        for one in recording.resources
        if one.custom
    )
    addresses = chosen(planned, recording)
    return Rendered(planned=planned, resources=resources, files=host_files(planned, addresses), addresses=addresses)


def chosen(planned: Plan, recording: Recording) -> dict[str, str]:
    """The addresses that the mocked clouds chose, as the stack's outputs say them."""
    told = recording.stack_outputs["hosts"]
    found: dict[str, str] = {}
    for host in planned.hosts:
        for address, key in ((host.public_address, "public_address"), (host.private_address, "private_address")):
            if isinstance(address, Symbol):
                found[address.name] = told[host.name][key]
    return found
