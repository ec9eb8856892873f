"""The DigitalOcean project of a site: where the console shows its droplets and volumes, apart from all others.

It guards nothing. What is taken out of it moves to the account's default project.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as digitalocean

from components.context import SiteContext
from components.options import child_options

ENVIRONMENT = {"mainnet": "Production", "testnet": "Staging"}


@dataclass(frozen=True, kw_only=True)
class ProjectArgs:
    """Arguments of `Project`.

    Attributes:
        context: The site.
        resource_urns: DigitalOcean's URNs of what belongs to the project, by a name of ours.
    """

    context: SiteContext
    resource_urns: Mapping[str, pulumi.Output[str]]


class Project(pulumi.ComponentResource):
    """One project with the droplets and volumes of the site."""

    def __init__(self, name: str, args: ProjectArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:digitalocean:Project", name, None, opts)
        planned = args.context.planned
        project = digitalocean.Project(
            name,
            name=args.context.physical_name(name),
            description=f"Redoubt: site {args.context.site.label} of fleet {planned.fleet}, stack {planned.stack}",
            purpose="A proof-of-stake validator",
            environment=ENVIRONMENT[planned.network],
            opts=child_options(self),
        )
        digitalocean.ProjectResources(
            name,
            project=project.id,
            resources=[args.resource_urns[key] for key in sorted(args.resource_urns)],
            opts=child_options(self),
        )
        self.register_outputs({"project_id": project.id})
