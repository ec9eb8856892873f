"""What an SDK of toycloud would offer: a provider, a network, an address and a machine."""

from collections.abc import Mapping
from typing import Any

import pulumi


class Provider(pulumi.ProviderResource):
    def __init__(self, name: str, region: str | None, opts: pulumi.ResourceOptions | None = None):
        super().__init__("toycloud", name, {"region": region}, opts)


class Network(pulumi.CustomResource):
    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions):
        super().__init__("toycloud:index/network:Network", name, dict(inputs), opts)


class Address(pulumi.CustomResource):
    address: pulumi.Output[str]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions):
        super().__init__("toycloud:index/address:Address", name, {**inputs, "address": None}, opts)


class Machine(pulumi.CustomResource):
    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions):
        super().__init__("toycloud:index/machine:Machine", name, dict(inputs), opts)
