"""What every component of one AWS site is given."""

from dataclasses import dataclass

from fleet.hosts import SitePlan
from fleet.naming import physical_name, tags
from fleet.plan import Plan
from fleet.roles import Role


@dataclass(frozen=True, kw_only=True)
class AwsContext:
    """One site of one plan."""

    planned: Plan
    site: SitePlan

    def tags(self, name: str, role: Role | None = None) -> dict[str, str]:
        """The tags of the resource with this logical name."""
        return tags(fleet=self.planned.fleet, stack=self.planned.stack, name=name, site=self.site.label, role=role)

    def physical_name(self, name: str) -> str:
        """The name under which the account, shared with other stacks, knows the resource."""
        return physical_name(self.planned.fleet, self.planned.stack, name)
