"""All types of the simulated GCP provider."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.gcp import accounts, addresses, disks, firewalls, instances, kms, networks, routers, routes
from simcloud.gcp.common import GcpModel

MODELS: Mapping[str, GcpModel] = {
    model.token: model
    for model in (
        networks.Network(),
        networks.Subnetwork(),
        routes.Route(),
        routers.Router(),
        routers.RouterNat(),
        firewalls.Firewall(),
        addresses.Address(),
        instances.Instance(),
        disks.Disk(),
        disks.AttachedDisk(),
        accounts.Account(),
        kms.KeyRing(),
        kms.CryptoKey(),
        kms.CryptoKeyIAMMember(),
    )
}
