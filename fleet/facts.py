"""What the pure model asks of a provider. Each module of `fleet.providers` answers it in one `FACTS`.

Nothing has a default: a fact that nobody stated is a fact that nobody looked up. The names of the plan's own types are
imported for type checkers alone, since the plan is computed from configs whose models are built from these facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, get_args

from fleet.distance import Coordinates
from fleet.problems import Problem
from fleet.roles import ROLES, Role
from fleet.sites import CloudSite, Machine, ZonedSite

if TYPE_CHECKING:
    from fleet.cloudrules import GroupRule
    from fleet.hosts import Host, SitePlan

SiteModel = TypeVar("SiteModel", bound=CloudSite)


@dataclass(frozen=True, kw_only=True)
class Zones:
    """The zones of a provider's regions, told apart by a letter.

    Attributes:
        form: The name of a zone, with `{region}` and `{letter}`.
        usual: Letters of the zones of most regions.
        others: Letters of the other regions' zones, by region.
    """

    form: str
    usual: str
    others: Mapping[str, str]

    def letters(self, region: str) -> str:
        """The letters of a region's zones."""
        return self.others.get(region, self.usual)

    def names(self, region: str) -> list[str]:
        """The zones of a region."""
        return [self.form.format(region=region, letter=letter) for letter in self.letters(region)]

    def letter(self, region: str, zone: str) -> str | None:
        """The letter of a zone of that region, or None when the zone is not one of it (a Local Zone, another region)."""
        form = self.form.format(region=re.escape(region), letter=f"([{self.letters(region)}])")
        found = re.fullmatch(form, zone)
        return found[1] if found else None

    def default(self, region: str, ordinal: int) -> str:
        """The zone of an ordinal where the config lists none: two zones in turn, however many hosts there are."""
        return self.form.format(region=region, letter=self.letters(region)[(ordinal - 1) % 2])


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """All machine types that a provider has.

    Attributes:
        called: What one is called in messages, for example `droplet size`.
        known: Their names.
    """

    called: str
    known: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Share(Generic[SiteModel]):
    """What of a plan is one provider's.

    Attributes:
        specs: Its sites as the config has them, by id.
        sites: Its sites, by id.
        hosts: Their hosts.
        rules: Their cloud firewall rules.
    """

    specs: Mapping[int, SiteModel]
    sites: tuple[SitePlan, ...]
    hosts: tuple[Host, ...]
    rules: tuple[GroupRule, ...]

    def labels(self) -> dict[str, str]:
        """What people call the sites, by logical name."""
        return {site.name: site.label for site in self.sites}


@dataclass(frozen=True, kw_only=True)
class ProviderFacts(Generic[SiteModel]):
    """Everything that one provider brings to the pure model.

    Attributes:
        name: Its name in the config, which is that of its Pulumi package, of its modules and of its folders.
        title: Its name in messages.
        site: What an operator writes for a site.
        account: The account or project that a site belongs to, where its config names one.
        regions: Its regions and where they are.
        zones: How its zones are called; None where it has none or lets nobody choose.
        machines: The default size of each role (`fleet.machines.machines`).
        sizes: Its machine types, to refuse others; None where the list is too long or not published.
        arm: Matches machine types with ARM processors; None where it has none.
        subnets: Where a subnet lies; None where networks have no subnets.
        nat_stands_in_subnet: Whether a NAT gateway needs a public subnet in the zone of the hosts that it serves.
        chooses_private_addresses: Whether it gives out private addresses and takes no wishes.
        guest_owns_public_address: Whether a host sees its public address on its own interface, so that packets carry
            it; else packets carry the private one and the provider translates.
        clock: Its time source on the host's link, in CIDR notation; None where it has none.
        reserved: Private ranges that it keeps for itself.
        secrets: The shapes of its credentials, each with what it is, so that none stands in a stack file in clear.
        environment: How the names of environment variables begin that its tools and SDK take credentials or settings
            from: a rehearsal takes them away.
        limits: What of its share of a plan its limits do not allow.
        undecided: What its limits leave open for these of its sites, in words for the operator, without a full stop.
    """

    name: str
    title: str
    site: type[SiteModel]
    account: Callable[[SiteModel], str | None]
    regions: Mapping[str, Coordinates]
    zones: Zones | None
    machines: Mapping[Role, Machine]
    sizes: Sizes | None
    arm: re.Pattern[str] | None
    subnets: Literal["zone", "region"] | None
    nat_stands_in_subnet: bool
    chooses_private_addresses: bool
    guest_owns_public_address: bool
    clock: str | None
    reserved: tuple[IPv4Network, ...]
    secrets: tuple[tuple[str, re.Pattern[str]], ...]
    environment: tuple[str, ...]
    limits: Callable[[Share[SiteModel]], Iterable[Problem]]
    undecided: Callable[[Sequence[SitePlan]], Iterable[str]]

    def __post_init__(self) -> None:
        """Refuses facts that contradict each other.

        Raises:
            ValueError: With the provider, what is wrong, and the remedy.
        """
        for wrong, remedy in (
            (
                get_args(self.site.model_fields["provider"].annotation) != (self.name,),
                f'give {self.site.__name__} the field provider: Literal["{self.name}"]',
            ),
            (
                (self.zones is not None) != issubclass(self.site, ZonedSite),
                "derive the site from ZonedSite if there are zones to choose, else from CloudSite",
            ),
            (self.subnets == "zone" and self.zones is None, "subnets by zone need zones"),
            (
                self.subnets is None and not self.chooses_private_addresses,
                "an address that we choose needs a subnet: say how subnets lie, or that the provider chooses",
            ),
            (set(self.machines) != set(ROLES), f"give a default size for each of {', '.join(ROLES)}"),
            (
                self.sizes is not None and not {one.type for one in self.machines.values()} <= self.sizes.known,
                "take the default sizes from those that are known",
            ),
        ):
            if wrong:
                raise ValueError(f"fleet.providers.{self.name}: its facts contradict each other: {remedy}")
