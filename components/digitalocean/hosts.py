"""The hosts of a DigitalOcean site: gateway, sentry, validator, cosigner and monitor groups.

A host is a droplet and its data volume. DigitalOcean chooses both addresses of a droplet; a public droplet speaks from
its own one, which changes when it is replaced, and the rules of other sites follow in the same update. A private droplet
has one interface, in the VPC. What must not be lost (gateway, validators, cosigners, with their volumes and attachments)
is protected and retained; DigitalOcean has no lock against deletion that the provider could set.

DigitalOcean offers no keys of the customer's own for volumes: what encryption at rest there is, is the provider's.
Shards are to be encrypted on the host itself, which is a later step and not done here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as digitalocean

from cloudinit.first_boot import user_data
from components.context import SiteContext
from components.options import kept_options
from components.site import BuiltHost
from fleet.hosts import Host
from fleet.roles import Role

DROPLET = "digitalocean:index/droplet:Droplet"
RUNS_ON = frozenset({"backupPolicy", "backups", "gracefulShutdown", "monitoring", "name", "tags"})
"""Inputs that the provider changes without turning the droplet off (resourceDigitalOceanDropletUpdate of
terraform-provider-digitalocean); a size turns it off, and here whatever is not listed."""
IMAGE = "debian-13-x64"
REPLACED_BY = ("image", "sshKeys", "userData")
"""Inputs whose change would replace a droplet: a host that exists keeps those it was made with."""


@dataclass(frozen=True, kw_only=True)
class HostGroupArgs:
    """Arguments of `HostGroup`.

    Attributes:
        context: The site.
        role: Role of all hosts of the group.
        vpc_id: The site's VPC.
        tag: Name of the group's tag.
        ssh_key_id: The key that opens nothing: without any, a root password is mailed.
        made_before: What has to be there first: the group's base firewall, and the way out of private hosts.
        ways: The firewalls that let the site's hosts reach other sites. The attachments of kept hosts wait for them, so
            that no destroy takes them from under the hosts: what a resource depends on goes after it.
    """

    context: SiteContext
    role: Role
    vpc_id: pulumi.Input[str]
    tag: pulumi.Input[str]
    ssh_key_id: pulumi.Input[str]
    made_before: tuple[pulumi.Resource, ...]
    ways: tuple[pulumi.Resource, ...]


class HostGroup(pulumi.ComponentResource):
    """All hosts of one role in one site."""

    hosts: dict[str, BuiltHost]
    resource_urns: dict[str, pulumi.Output[str]]
    """DigitalOcean's URNs of droplets and volumes, for the project."""

    def __init__(self, name: str, args: HostGroupArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__(f"redoubt:digitalocean:{TYPES[args.role]}", name, None, opts)
        self._args = args
        self.resource_urns = {}
        self.hosts = {host.name: self._host(host) for host in args.context.hosts(args.role)}
        self.register_outputs({"instance_ids": {key: host.instance_id for key, host in self.hosts.items()}})

    def _keeps(self, host: Host) -> bool:
        return self._args.context.planned.keeps(host)

    def _host(self, host: Host) -> BuiltHost:
        volume = self._volume(host) if host.data_gb else None
        droplet = self._droplet(host, volume)
        self.resource_urns[host.name] = droplet.droplet_urn
        if volume is not None:
            self._attachment(host, droplet, volume)
            self.resource_urns[f"{host.name}-data"] = volume.volume_urn
        return BuiltHost(
            plan=host,
            instance_id=droplet.id,
            private_address=droplet.ipv4_address_private,
            public_address=droplet.ipv4_address if host.public_address is not None else None,
        )

    def _droplet(self, host: Host, volume: digitalocean.Volume | None) -> digitalocean.Droplet:
        return digitalocean.Droplet(
            host.name,
            name=host.full_name,
            image=IMAGE,
            region=self._args.context.site.region,
            size=host.machine,
            vpc_uuid=self._args.vpc_id,
            public_networking=host.public_address is not None,
            ipv6=False,
            monitoring=False,
            droplet_agent=False,  # it is what lets the web console log in
            backups=False,  # a copy of a signer's disk is a second signer
            ssh_keys=[self._args.ssh_key_id],
            user_data=user_data(self._args.context.planned, host),
            tags=[self._args.tag],
            resize_disk=False,  # a disk that grew cannot shrink; data has a volume of its own
            graceful_shutdown=True,
            opts=kept_options(
                self,
                keep=self._keeps(host),
                hooks=self._args.context.guard.machine(
                    DROPLET,
                    host.name,
                    runs_on=RUNS_ON,
                    search=lambda: self._droplets_named(host.full_name),
                    gone_first=bool(host.data_gb),
                ),
                ignore_changes=[*REPLACED_BY],
                # A volume is attached to one droplet at a time, so the old one has to let go of it first.
                delete_before_replace=bool(host.data_gb),
                # A machine in the state without a volume has lost it then (`Guard.volume`).
                depends_on=[*self._args.made_before, *([volume] if volume else [])],
            ),
        )

    async def _droplets_named(self, name: str) -> list[str]:
        """Droplets of the account with this name, known to the state or not: DigitalOcean's names are not unique."""
        found = digitalocean.get_droplets_output(
            filters=[digitalocean.GetDropletsFilterArgs(key="name", values=[name])],
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return [str(one.id) for one in await found.droplets.future() or []]

    def _volume(self, host: Host) -> digitalocean.Volume:
        """The data volume, which outlives its droplet. It has no description: a change of that would replace it."""
        return digitalocean.Volume(
            host.name,
            name=host.full_name,
            region=self._args.context.site.region or "",
            size=host.data_gb,
            tags=[self._args.tag],
            opts=kept_options(self, keep=self._keeps(host), hooks=self._args.context.guard.volume(host.name)),
        )

    def _attachment(self, host: Host, droplet: digitalocean.Droplet, volume: digitalocean.Volume) -> None:
        digitalocean.VolumeAttachment(
            host.name,
            droplet_id=droplet.id.apply(int),
            volume_id=volume.id,
            opts=kept_options(
                self,
                keep=self._keeps(host),
                hooks=self._args.context.guard.part(host.name),
                delete_before_replace=True,
                depends_on=[*self._args.ways] if self._keeps(host) else None,
            ),
        )


TYPES: Mapping[Role, str] = {
    "gateway": "Gateway",
    "sentry": "SentryGroup",
    "validator": "ValidatorGroup",
    "cosigner": "CosignerGroup",
    "monitor": "MonitorGroup",
}
