"""What every component of one cloud site is given."""

from dataclasses import dataclass

from components.guard import Guard
from fleet.hosts import Host, SitePlan
from fleet.naming import cut_name, labels, physical_name, tags
from fleet.plan import Plan
from fleet.roles import Role


@dataclass(frozen=True, kw_only=True)
class SiteContext:
    """One site of one plan.

    Attributes:
        planned: The whole plan.
        site: The site.
        guard: The hooks that hosts and keys carry.
    """

    planned: Plan
    site: SitePlan
    guard: Guard

    def hosts(self, *roles: Role) -> tuple[Host, ...]:
        """The site's hosts, of the given roles or of all."""
        return self.planned.hosts_of(self.site.id, *roles)

    def keeps_any(self) -> bool:
        """Whether a host of the site is kept, and so what its volumes cannot be read without."""
        return any(self.planned.keeps(host) for host in self.hosts())

    def tags(self, name: str, role: Role | None = None) -> dict[str, str]:
        """The tags of the resource with this logical name, for providers whose tags are keys with values."""
        return tags(fleet=self.planned.fleet, stack=self.planned.stack, name=name, site=self.site.label, role=role)

    def labels(self, role: Role | None = None) -> dict[str, str]:
        """The labels of a resource of the site, for GCP."""
        return labels(fleet=self.planned.fleet, stack=self.planned.stack, site=self.site.label, role=role)

    def cut_name(self, name: str) -> str:
        """As `physical_name`, for names that may be too long: they end with a short hash then."""
        return cut_name(f"{self.planned.fleet}-{self.planned.stack}-{name}")

    def physical_name(self, name: str) -> str:
        """The name under which the account, shared with other stacks, knows the resource."""
        return physical_name(self.planned.fleet, self.planned.stack, name)
