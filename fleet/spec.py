"""What an operator writes: the value of `redoubt:fleet` in the stack file.

These models hold plain values and check one field at a time; what only the whole fleet shows is checked in
`fleet.refusals`. The JSON schema of `Fleet` is in docs/reference, where editors find it.
"""

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field

from fleet.discovery import PROVIDERS
from fleet.fields import (
    AdminRange,
    ChainId,
    FleetName,
    HostName,
    HttpsUrl,
    PublicKey,
    ServiceAddress,
    Sha256,
    Version,
)
from fleet.sites import CloudSite, MetalSite, Model


class Download(Model):
    """A file that hosts fetch and verify before they use it."""

    url: HttpsUrl
    """Where it is, https only."""
    sha256: Sha256
    """Its checksum, 64 lower-case hex digits."""


class Chain(Model):
    """The chain that the validator serves."""

    profile: Literal["cometbft", "cosmos-sdk"]
    """How its node is configured: `cometbft` is the built-in key-value app, for rehearsals."""
    chain_id: ChainId
    """The chain's id, as in its genesis file."""
    consensus_version: Version
    """Version of CometBFT in the node's binary, for example 0.38.25."""
    binary: Download
    """The node's binary."""
    genesis: Download
    """The chain's genesis file."""
    rtt_budget_ms: Annotated[int, Field(ge=1, le=1000)] = 100
    """Longest round trip in milliseconds that signing may take between two hosts. Horcrux users report 30 ms as safe for
    1 s blocks and 100 to 200 ms as too slow (horcrux issue 214, pull request 218)."""


class Access(Model):
    """Who may administer the fleet, and from where."""

    admin_cidrs: Annotated[tuple[AdminRange, ...], Field(min_length=1)]
    """Ranges that may open SSH to the gateways; at least two on mainnet."""
    ssh_user_ca: PublicKey
    """Public key of the certificate authority that signs operators' SSH keys."""
    approvers: Annotated[tuple[PublicKey, ...], Field(min_length=1)]
    """Public keys whose signature a change of a cosigner needs; take hardware keys (sk-ssh-ed25519@openssh.com)."""


class Ceremony(Model):
    """What the key ceremony fixed. Written by the ceremony; changing it means a new ceremony."""

    threshold: Annotated[int, Field(ge=2)]
    """Shares that a signature needed when the key was cut."""
    shards: tuple[HostName, ...]
    """The cosigner that received shard 1, 2, 3, ..."""


class AcceptedRisks(Model):
    """Risks that the operator takes with open eyes. Each is repeated in every plan."""

    single_provider: Annotated[str, Field(min_length=20)] | None = None
    """Why one provider may hold a whole quorum, in words: its outage stops signing, and its staff or a stolen account
    could sign."""


class Signer(Model):
    """The threshold signer."""

    kind: Literal["horcrux"]
    """The signing software."""
    threshold: Annotated[int, Field(ge=2)]
    """Shares that one signature needs, t; more than half of the cosigners."""
    shards: tuple[HostName, ...]
    """All cosigners, in the order of their shard ids 1, 2, 3, ...: append new ones, never reorder."""
    ceremony: Ceremony | None = None
    """What the ceremony fixed, once it is done."""
    accepted_risks: AcceptedRisks = AcceptedRisks()
    """Risks taken with open eyes."""


if TYPE_CHECKING:
    Site = CloudSite | MetalSite
else:
    _MODELS = (*(facts.site for facts in PROVIDERS.values()), MetalSite)
    Site = Annotated[Union[_MODELS], Field(discriminator="provider")]  # noqa: UP007 - of as many as there are


class Services(Model):
    """Public services that gateways and metal hosts use, by address: names would need a resolver first."""

    resolvers: Annotated[tuple[ServiceAddress, ...], Field(min_length=1)] = (
        IPv4Address("9.9.9.9"),
        IPv4Address("149.112.112.112"),
    )
    """DNS over TLS (port 853); Quad9 where none is given (quad9.net, service addresses)."""
    time_servers: Annotated[tuple[ServiceAddress, ...], Field(min_length=1)] = (
        IPv4Address("162.159.200.1"),
        IPv4Address("162.159.200.123"),
    )
    """NTP; time.cloudflare.com where none is given (developers.cloudflare.com/time-services)."""


class Fleet(Model):
    """All that one stack deploys for one validator identity."""

    name: FleetName = "redoubt"
    """Begins every name that an account shares with other fleets. 2 to 12 letters and digits."""
    network: Literal["testnet", "mainnet"]
    """Whether real stake depends on this fleet: mainnet is held to more."""
    chain: Chain
    access: Access
    signer: Signer
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    services: Services = Services()
    measured_rtt_ms: dict[str, Annotated[float, Field(gt=0, le=1000)]] = Field(default={})
    """Measured round trips in milliseconds that replace the estimates, by two site ids: {"1-2": 31.5}."""
    let_go: tuple[HostName, ...] = ()
    """Hosts that the next `up` unprotects, so that the one after it may remove or replace them; one signing host at once."""
    retire: bool = False
    """True lets go of the whole fleet: the next `up` unprotects, and only a `destroy` after it removes."""
