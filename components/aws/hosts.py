"""The hosts of an AWS site: gateway, sentry, validator, cosigner and monitor groups.

A host is an instance with a fixed private address, its data volume and, for public roles, its Elastic IP. What must not
be lost (gateway, validators, cosigners, with their volumes and addresses) is protected, retained and locked against
termination. An instance with a fixed address or volume is deleted before it is replaced: AWS gives neither out twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from cloudinit.first_boot import user_data
from components.context import SiteContext
from components.options import kept_options
from components.site import BuiltHost
from fleet.hosts import Host
from fleet.roles import Role

ROOT_GB = 20
INSTANCE = "aws:ec2/instance:Instance"
RUNS_ON = frozenset(
    {
        "disableApiStop",
        "disableApiTermination",
        "iamInstanceProfile",
        "instanceInitiatedShutdownBehavior",
        "maintenanceOptions",
        "metadataOptions",
        "monitoring",
        "rootBlockDevice",
        "sourceDestCheck",
        "tags",
        "tagsAll",
        "userDataReplaceOnChange",
        "volumeTags",
        "vpcSecurityGroupIds",
    }
)
"""Inputs that the provider changes without stopping the instance (resourceInstanceUpdate in ec2_instance.go of
terraform-provider-aws); it stops it for type, user data and EBS optimisation, and here for whatever is not listed. Of the
root volume it changes tags, size, type and speed while the instance runs, and replaces the instance for the rest."""
THERE = ("pending", "running", "stopping", "stopped")
"""States of an instance that holds, or will hold, its identity (EC2 instance lifecycle)."""
DATA_DEVICE = "/dev/sdf"
"""First of the names that AWS recommends for data volumes (EC2 user guide, device names)."""


@dataclass(frozen=True, kw_only=True)
class HostGroupArgs:
    """Arguments of `HostGroup`.

    Attributes:
        context: The site.
        role: Role of all hosts of the group.
        image_id: The Debian 13 image.
        security_group_id: The group's security group.
        subnet_ids: Subnets by logical name in the plan.
        volume_key_arn: KMS key of root and data volumes.
        allocation_ids: Elastic IP allocations by host name, for public roles.
        public_addresses: The Elastic IPs by host name.
        internet_gateway: AWS associates no address before it is attached, and detaches it after the last is gone.
        ways: The routes of the group's subnets and the group's rules. What is kept of a host waits for them, so that
            no destroy takes them from under it: what a resource depends on goes after it.
    """

    context: SiteContext
    role: Role
    image_id: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    volume_key_arn: pulumi.Input[str]
    allocation_ids: Mapping[str, pulumi.Input[str]]
    public_addresses: Mapping[str, pulumi.Output[str]]
    internet_gateway: pulumi.Resource
    ways: Sequence[pulumi.Resource]


class HostGroup(pulumi.ComponentResource):
    """All hosts of one role in one site."""

    hosts: dict[str, BuiltHost]

    def __init__(self, name: str, args: HostGroupArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__(f"redoubt:aws:{TYPES[args.role]}", name, None, opts)
        self._args = args
        planned = args.context.planned.hosts_of(args.context.site.id, args.role)
        self.hosts = {host.name: self._host(host) for host in planned}
        self.register_outputs({"instance_ids": {key: host.instance_id for key, host in self.hosts.items()}})

    def _keeps(self, host: Host) -> bool:
        return self._args.context.planned.keeps(host)

    def _ways(self, host: Host) -> Sequence[pulumi.Resource]:
        return self._args.ways if self._keeps(host) else ()

    def _host(self, host: Host) -> BuiltHost:
        volume = self._volume(host) if host.data_gb else None
        instance = self._instance(host, volume)
        if volume is not None:
            self._attachment(host, instance, volume)
        if host.name in self._args.allocation_ids:
            aws.ec2.EipAssociation(
                host.name,
                instance_id=instance.id,
                allocation_id=self._args.allocation_ids[host.name],
                allow_reassociation=False,
                opts=kept_options(
                    self,
                    keep=self._keeps(host),
                    hooks=self._args.context.guard.part(host.name),
                    delete_before_replace=True,
                    depends_on=[self._args.internet_gateway, *self._ways(host)],
                ),
            )
        return BuiltHost(
            plan=host,
            instance_id=instance.id,
            private_address=instance.private_ip,
            public_address=self._args.public_addresses.get(host.name),
        )

    def _instance(self, host: Host, volume: aws.ebs.Volume | None) -> aws.ec2.Instance:
        tags = self._args.context.tags(host.name, host.role)
        return aws.ec2.Instance(
            host.name,
            ami=self._args.image_id,
            instance_type=host.machine,
            subnet_id=self._args.subnet_ids[host.subnet or ""],
            private_ip=str(host.private_address),
            vpc_security_group_ids=[self._args.security_group_id],
            # Never for a private role. For a public one it stays unset: the provider reads an Elastic IP as True, and a
            # False beside it would replace the host after the next refresh (terraform-provider-aws#37318). The subnet
            # gives none at launch.
            associate_public_ip_address=False if host.public_address is None else None,
            source_dest_check=True,
            disable_api_termination=self._keeps(host),
            instance_initiated_shutdown_behavior="stop",
            monitoring=True,
            ebs_optimized=True,
            metadata_options=aws.ec2.InstanceMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,
                http_protocol_ipv6="disabled",
                instance_metadata_tags="disabled",
            ),
            root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(
                volume_type="gp3",
                volume_size=ROOT_GB,
                encrypted=True,
                kms_key_id=self._args.volume_key_arn,
                delete_on_termination=True,
                tags=tags,
            ),
            user_data=user_data(self._args.context.planned, host),
            user_data_replace_on_change=False,
            tags=tags,
            opts=kept_options(
                self,
                keep=self._keeps(host),
                hooks=self._args.context.guard.machine(
                    INSTANCE, host.name, runs_on=RUNS_ON, search=lambda: self._instances_named(tags["Name"])
                ),
                delete_before_replace=True,
                ignore_changes=["ami", "userData"],
                # A machine in the state without a volume has lost it then (`Guard.volume`).
                depends_on=[volume] if volume else None,
            ),
        )

    async def _instances_named(self, name: str) -> list[str]:
        """Instances of the account with this name that are not gone, known to the state or not."""
        found = aws.ec2.get_instances_output(
            filters=[aws.ec2.GetInstancesFilterArgs(name="tag:Name", values=[name])],
            instance_state_names=list(THERE),  # a filter would not do: those that run alone are looked for besides
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return await found.ids.future() or []

    def _volume(self, host: Host) -> aws.ebs.Volume:
        """The data volume, which outlives its instance."""
        return aws.ebs.Volume(
            host.name,
            availability_zone=host.zone or "",
            size=host.data_gb,
            type="gp3",
            encrypted=True,
            kms_key_id=self._args.volume_key_arn,
            tags=self._args.context.tags(host.name, host.role),
            opts=kept_options(self, keep=self._keeps(host), hooks=self._args.context.guard.volume(host.name)),
        )

    def _attachment(self, host: Host, instance: aws.ec2.Instance, volume: aws.ebs.Volume) -> None:
        aws.ec2.VolumeAttachment(
            host.name,
            device_name=DATA_DEVICE,
            instance_id=instance.id,
            volume_id=volume.id,
            stop_instance_before_detaching=True,
            opts=kept_options(
                self,
                keep=self._keeps(host),
                hooks=self._args.context.guard.part(host.name),
                delete_before_replace=True,
                depends_on=[*self._ways(host)],
            ),
        )


TYPES: Mapping[Role, str] = {
    "gateway": "Gateway",
    "sentry": "SentryGroup",
    "validator": "ValidatorGroup",
    "cosigner": "CosignerGroup",
    "monitor": "MonitorGroup",
}


class PublicAddresses(pulumi.ComponentResource):
    """The Elastic IPs of a site's public hosts: made before any firewall, since other sites' rules name them."""

    allocation_ids: dict[str, pulumi.Output[str]]
    addresses: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:aws:PublicAddresses", name, None, opts)
        self.allocation_ids, self.addresses = {}, {}
        for host in context.planned.hosts_of(context.site.id):
            if host.public_address is None:
                continue
            keep = context.planned.keeps(host)
            tags = context.tags(host.name, host.role)
            options = kept_options(self, keep=keep, hooks=context.guard.part(host.name))
            address = aws.ec2.Eip(host.name, domain="vpc", tags=tags, opts=options)
            self.allocation_ids[host.name] = address.id
            self.addresses[host.name] = address.public_ip
        self.register_outputs({"addresses": self.addresses})
