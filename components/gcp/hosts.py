"""The hosts of a GCP site: gateway, sentry, validator, cosigner and monitor groups.

A host is an instance with a fixed private address, its data disk and, for public roles, its public address. What must
not be lost (gateway, validators, cosigners, with their disks and addresses) is protected, retained and locked against
deletion. An instance, an attachment and a private address are deleted before they are replaced: GCP gives no name, disk
or address out twice. A disk and a public address are not: their replacement fails instead, and nothing is lost.

The root disk goes with its instance; all that must stay is on the data disk. The service account has no scopes, so the
metadata server gives out no token that an API takes (see `accounts`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from cloudinit.startup_script import startup_script
from components.context import SiteContext
from components.gcp.network import route_tag_of
from components.options import kept_options
from components.site import BuiltHost
from fleet.hosts import Host
from fleet.roles import Role

ROOT_GB: Final = 20
INSTANCE: Final = "gcp:compute/instance:Instance"
RUNS_ON: Final = frozenset(
    {
        "allowStoppingForUpdate",
        "bootDisk",
        "deletionProtection",
        "effectiveLabels",
        "labels",
        "metadata",
        "pulumiLabels",
        "tags",
    }
)
"""Inputs that the provider changes without stopping the instance (resourceComputeInstanceUpdate of
terraform-provider-google); machine type, service account and shielding stop it, and here whatever is not listed.
Of the boot disk it changes labels, size and whether the disk goes with the instance while that runs, and replaces the
instance for the rest."""
DISK_TYPE: Final = "pd-balanced"
DATA_DEVICE: Final = "redoubt-data"
"""The guest sees the data disk as /dev/disk/by-id/google-redoubt-data."""
NETWORK_TIER: Final = "PREMIUM"

METADATA: Final[Mapping[str, str]] = {
    "enable-oslogin": "FALSE",
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
    "enable-osconfig": "FALSE",
    "enable-guest-attributes": "FALSE",
}
"""Nobody gets in by way of Google: no OS Login, which would rewrite sshd's settings, no keys of the project, no serial
console, no agent that runs what the project's administrators say. Set on the instance, they win over the project's.
`disable-legacy-endpoints` is not here: Compute Engine has no legacy endpoints any more, the key is GKE's."""

IGNORED: Final = ("bootDisk.initializeParams.image", 'metadata["startup-script"]', "attachedDisks")
"""A newer image replaces no host and a changed script reaches none (both hold until a host is replaced anyway). A key with
a hyphen stands in brackets and quotes (Pulumi's property paths). The data disk is an attachment of its own; without the
last entry an instance that was refreshed would detach it (AttachedDisk in the provider's documentation)."""


@dataclass(frozen=True, kw_only=True)
class HostGroupArgs:
    """Arguments of `HostGroup`.

    Attributes:
        context: The site.
        role: Role of all hosts of the group.
        image: The Debian 13 image.
        account: E-mail address of the group's service account.
        subnet_ids: Subnets by logical name in the plan.
        volume_key: KMS key of root and data disks.
        public_addresses: Public addresses by host name, for public roles.
        guards: The firewalls and routes that stand before a host does. No destroy that spares the host takes them either.
        grant: By which disks may be encrypted with the key.
    """

    context: SiteContext
    role: Role
    image: pulumi.Input[str]
    account: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    volume_key: pulumi.Input[str]
    public_addresses: Mapping[str, pulumi.Output[str]]
    guards: Sequence[pulumi.Resource]
    grant: pulumi.Resource


class HostGroup(pulumi.ComponentResource):
    """All hosts of one role in one site."""

    hosts: dict[str, BuiltHost]

    def __init__(self, name: str, args: HostGroupArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__(f"redoubt:gcp:{TYPES[args.role]}", name, None, opts)
        self._args = args
        self.hosts = {host.name: self._host(host) for host in args.context.hosts(args.role)}
        self.register_outputs({"instance_ids": {key: host.instance_id for key, host in self.hosts.items()}})

    def _keeps(self, host: Host) -> bool:
        return self._args.context.planned.keeps(host)

    def _host(self, host: Host) -> BuiltHost:
        address = self._private_address(host)
        disk = self._data_disk(host) if host.data_gb else None
        instance = self._instance(host, address, disk)
        if disk is not None:
            self._attachment(host, instance, disk)
        return BuiltHost(
            plan=host,
            instance_id=instance.id,
            private_address=address,
            public_address=self._args.public_addresses.get(host.name),
        )

    def _private_address(self, host: Host) -> pulumi.Output[str]:
        """The host's fixed address, reserved, so that nothing else of the project can take it while the host is away."""
        return gcp.compute.Address(
            f"{host.name}-private",
            name=self._args.context.physical_name(f"{host.name}-private"),
            region=self._args.context.site.region,
            address_type="INTERNAL",
            purpose="GCE_ENDPOINT",
            subnetwork=self._args.subnet_ids[host.subnet or ""],
            address=str(host.private_address),
            labels=self._args.context.labels(host.role),
            opts=kept_options(
                self, keep=self._keeps(host), hooks=self._args.context.guard.part(host.name), delete_before_replace=True
            ),
        ).address

    def _instance(self, host: Host, address: pulumi.Output[str], disk: gcp.compute.Disk | None) -> gcp.compute.Instance:
        context = self._args.context
        return gcp.compute.Instance(
            host.name,
            name=host.full_name,
            zone=host.zone,
            machine_type=host.machine or "",
            can_ip_forward=False,
            deletion_protection=self._keeps(host),
            allow_stopping_for_update=True,
            tags=[route_tag_of(context, host)],
            labels=context.labels(host.role),
            boot_disk=self._boot_disk(host),
            network_interfaces=[self._interface(host, address)],
            service_account=gcp.compute.InstanceServiceAccountArgs(email=self._args.account, scopes=[]),
            shielded_instance_config=gcp.compute.InstanceShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_vtpm=True, enable_integrity_monitoring=True
            ),
            scheduling=gcp.compute.InstanceSchedulingArgs(
                automatic_restart=True,
                on_host_maintenance="MIGRATE",
                preemptible=False,
                provisioning_model="STANDARD",
            ),
            metadata={**METADATA, "startup-script": startup_script(context.planned, host)},
            opts=kept_options(
                self,
                keep=self._keeps(host),
                # No search for a second one: GCP has one instance of a name in a zone, and an address is reserved once.
                hooks=context.guard.machine(INSTANCE, host.name, runs_on=RUNS_ON),
                delete_before_replace=True,
                ignore_changes=list(IGNORED),
                # A machine in the state without a disk has lost it then (`Guard.volume`).
                depends_on=[*self._args.guards, self._args.grant, *([disk] if disk else [])],
            ),
        )

    def _boot_disk(self, host: Host) -> gcp.compute.InstanceBootDiskArgs:
        return gcp.compute.InstanceBootDiskArgs(
            auto_delete=True,
            kms_key_self_link=self._args.volume_key,
            initialize_params=gcp.compute.InstanceBootDiskInitializeParamsArgs(
                image=self._args.image,
                size=ROOT_GB,
                type=DISK_TYPE,
                labels=self._args.context.labels(host.role),
            ),
        )

    def _interface(self, host: Host, address: pulumi.Output[str]) -> gcp.compute.InstanceNetworkInterfaceArgs:
        """The one interface; an access configuration is what gives an instance a public address."""
        public = self._args.public_addresses.get(host.name)
        return gcp.compute.InstanceNetworkInterfaceArgs(
            subnetwork=self._args.subnet_ids[host.subnet or ""],
            network_ip=address,
            stack_type="IPV4_ONLY",
            access_configs=None
            if public is None
            else [gcp.compute.InstanceNetworkInterfaceAccessConfigArgs(nat_ip=public, network_tier=NETWORK_TIER)],
        )

    def _data_disk(self, host: Host) -> gcp.compute.Disk:
        """The data disk, which outlives its instance."""
        return gcp.compute.Disk(
            host.name,
            name=self._args.context.physical_name(f"{host.name}-data"),
            zone=host.zone,
            size=host.data_gb,
            type=DISK_TYPE,
            disk_encryption_key=gcp.compute.DiskDiskEncryptionKeyArgs(kms_key_self_link=self._args.volume_key),
            labels=self._args.context.labels(host.role),
            opts=kept_options(
                self,
                keep=self._keeps(host),
                hooks=self._args.context.guard.volume(host.name),
                depends_on=[self._args.grant],
            ),
        )

    def _attachment(self, host: Host, instance: gcp.compute.Instance, disk: gcp.compute.Disk) -> None:
        gcp.compute.AttachedDisk(
            host.name,
            zone=host.zone,
            disk=disk.id,
            instance=instance.id,
            device_name=DATA_DEVICE,
            mode="READ_WRITE",
            opts=kept_options(
                self, keep=self._keeps(host), hooks=self._args.context.guard.part(host.name), delete_before_replace=True
            ),
        )


TYPES: Final[Mapping[Role, str]] = {
    "gateway": "Gateway",
    "sentry": "SentryGroup",
    "validator": "ValidatorGroup",
    "cosigner": "CosignerGroup",
    "monitor": "MonitorGroup",
}


class PublicAddresses(pulumi.ComponentResource):
    """The addresses of a site's public hosts: made before any firewall, since other sites' rules name them."""

    addresses: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:PublicAddresses", name, None, opts)
        self.addresses = {
            host.name: gcp.compute.Address(
                host.name,
                name=context.physical_name(host.name),
                region=context.site.region,
                address_type="EXTERNAL",
                network_tier=NETWORK_TIER,
                labels=context.labels(host.role),
                opts=kept_options(self, keep=context.planned.keeps(host), hooks=context.guard.part(host.name)),
            ).address
            for host in context.hosts()
            if host.public_address is not None
        }
        self.register_outputs({"addresses": self.addresses})
