"""A site on AWS: one region, one explicit provider, one VPC."""

import pulumi
import pulumi_aws as aws

from components.aws.firewall import Firewall, FirewallArgs
from components.aws.hosts import HostGroup, HostGroupArgs, PublicAddresses
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from components.context import SiteContext
from components.options import child_options
from components.site import Addresses, Site
from fleet.hosts import SitePlan
from fleet.plan import Plan
from fleet.roles import PUBLIC_ROLES, ROLES

DEBIAN_OWNER = "136693071363"
"""The account that Debian publishes its images from (wiki.debian.org/Cloud/AmazonEC2Image)."""
DEBIAN_IMAGE = "debian-13-amd64-*"


def provider(site: SitePlan) -> aws.Provider:
    """The site's explicit provider.

    One for each site rather than `region` on each resource: a resource that forgets its region then cannot exist. With
    `account` in the config a login to another account is refused before anything is made.
    """
    return aws.Provider(
        f"{site.name}-aws",
        region=site.region,
        allowed_account_ids=[site.account] if site.account else None,
    )


class AwsSite(Site):
    """Everything of one site on AWS."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:aws:Site", name, None, opts)
        self.site = context.site
        self.hosts = {}
        self._context = context
        account_id = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        self._keys = Keys(name, KeysArgs(context=self._context, account_id=account_id), child_options(self))
        self._network = Network(
            name,
            NetworkArgs(context=self._context, log_key_arn=self._keys.log_key_arn, account_id=account_id),
            child_options(self),
        )
        self._addresses = PublicAddresses(name, self._context, child_options(self))
        self.public_addresses = self._addresses.addresses

    def furnish(self, planned: Plan, addresses: Addresses) -> None:
        """Security groups from the flow matrix, then the hosts, role by role."""
        firewall = Firewall(
            self.site.name,
            FirewallArgs(context=self._context, vpc_id=self._network.vpc_id, addresses=addresses),
            child_options(self),
        )
        image_id = self._image()
        for role in ROLES:
            if not planned.hosts_of(self.site.id, role):
                continue
            group = f"{self.site.name}-{role}"
            args = HostGroupArgs(
                context=self._context,
                role=role,
                image_id=image_id,
                security_group_id=firewall.group_ids[group],
                subnet_ids=self._network.subnet_ids,
                volume_key_arn=self._keys.volume_key_arn,
                allocation_ids=self._addresses.allocation_ids,
                public_addresses=self._addresses.addresses,
                internet_gateway=self._network.internet_gateway,
                ways=[*self._network.ways[role in PUBLIC_ROLES], *firewall.rules[group]],
            )
            self.hosts |= HostGroup(group, args, child_options(self)).hosts
        self.register_outputs({"public_addresses": self.public_addresses})

    def _image(self) -> pulumi.Output[str]:
        """The newest Debian 13 image of Debian's own account; hosts that exist keep theirs (`ignore_changes`)."""
        return aws.ec2.get_ami_output(
            most_recent=True,
            owners=[DEBIAN_OWNER],
            filters=[
                aws.ec2.GetAmiFilterArgs(name="name", values=[DEBIAN_IMAGE]),
                aws.ec2.GetAmiFilterArgs(name="architecture", values=["x86_64"]),
                aws.ec2.GetAmiFilterArgs(name="virtualization-type", values=["hvm"]),
                aws.ec2.GetAmiFilterArgs(name="root-device-type", values=["ebs"]),
            ],
            opts=pulumi.InvokeOutputOptions(parent=self),
        ).id


def build(context: SiteContext) -> Site:
    """Makes the site's provider and the first step of the site."""
    options = pulumi.ResourceOptions(providers=[provider(context.site)])
    return AwsSite(context.site.name, context, options)
