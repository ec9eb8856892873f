"""Networks, addresses and machines of toycloud."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.core.errors import CloudError
from simcloud.core.internet import public_address
from simcloud.core.model import Call, Created, Model, Properties

NETWORK = "toycloud:index/network:Network"
ADDRESS = "toycloud:index/address:Address"
MACHINE = "toycloud:index/machine:Machine"


class Network(Model):
    """A private network."""

    token = NETWORK

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        return Created(new_id(call, "network"))


class Address(Model):
    """A public address, given out by the simulated Internet."""

    token = ADDRESS

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        address = public_address(call)
        return Created(new_id(call, "address"), {"address": address}, address=address)


class Machine(Model):
    """A machine in a network that exists, with a public address of the account or none."""

    token = MACHINE

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        public = inputs.get("publicAddress")
        if call.get(NETWORK, inputs["network"]) is None:
            raise CloudError("404", f"network {inputs['network']!r} not found", "give the id of one of this region")
        if public is not None and not call.find(ADDRESS, address=public):
            raise CloudError("404", f"address {public!r} not found", "give one of this region, or none")
        return Created(new_id(call, "machine"))


MODELS: Mapping[str, Model] = {model.token: model for model in (Network(), Address(), Machine())}


def new_id(call: Call, kind: str) -> str:
    """An id, counted so that a new ledger gives the same ones again."""
    return f"{kind}-{call.transaction.count(f'toycloud.{kind}')}"
