"""The service accounts of a GCP site: one for each group, so that firewalls can tell groups apart.

They are names and nothing more. They get no role and no key, and instances take them with no scopes (`hosts`): a host
calls no Google API, so a token that an intruder reads from the metadata server opens nothing. Firewalls by service account
rather than by network tag: changing an instance's account needs a right on that account and a stop, a tag neither.
"""

import pulumi
import pulumi_gcp as gcp

from components.context import SiteContext
from components.options import child_options
from fleet.naming import account_id


class Accounts(pulumi.ComponentResource):
    """One service account per role of the site."""

    emails: dict[str, pulumi.Output[str]]
    """By the group's name in the plan, for example `s1-sentry`."""

    def __init__(self, name: str, context: SiteContext, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:gcp:Accounts", name, None, opts)
        planned = context.planned
        self.emails = {
            group: gcp.serviceaccount.Account(
                group,
                account_id=account_id(planned.fleet, planned.stack, group),
                display_name=context.physical_name(group),
                description=f"Redoubt {group}: tells its hosts apart in firewalls, may do nothing",
                opts=child_options(self),
            ).email
            for group in dict.fromkeys(host.group for host in context.hosts())
        }
        self.register_outputs({"emails": self.emails})
