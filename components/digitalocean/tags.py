"""The tags of a DigitalOcean site: one for each group, by which firewalls find droplets.

Tags belong to the account: deleting one strips it from every droplet and so takes the firewall away from all of them at
once. So a tag that a kept host carries is itself kept. Each is a resource with fleet, stack, site and role in its name;
no droplet names a tag that is not one of these, since DigitalOcean would silently make it and nobody would own it.
"""

from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as digitalocean

from components.context import SiteContext
from components.options import kept_options


@dataclass(frozen=True, kw_only=True)
class GroupTagsArgs:
    """Arguments of `GroupTags`.

    Attributes:
        context: The site.
    """

    context: SiteContext


class GroupTags(pulumi.ComponentResource):
    """One tag per group of the site."""

    names: dict[str, pulumi.Output[str]]
    """The tags' names by the group's name in the plan, for example `s1-sentry`."""

    def __init__(self, name: str, args: GroupTagsArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:digitalocean:GroupTags", name, None, opts)
        groups = dict.fromkeys(host.group for host in args.context.hosts())
        self.names = {
            group: digitalocean.Tag(
                group,
                name=args.context.physical_name(group),
                opts=kept_options(self, keep=keeps_any(args.context, group)),
            ).name
            for group in groups
        }
        self.register_outputs({"names": self.names})


def keeps_any(context: SiteContext, group: str) -> bool:
    """Whether a host of the group is kept, and with it what stands between the host and everybody."""
    return any(context.planned.keeps(host) for host in context.hosts() if host.group == group)
