"""Judges that more than one provider's types need: volumes, hosts, addresses, keys, and what a rule lets in."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from fleet import ports
from ops.drift.meanings.forms import (
    NEW_HOST,
    NO_REFRESH,
    RESTORED,
    UP,
    Case,
    Judge,
    by_hand,
    config,
    hold,
    meaning,
    weighed,
)
from ops.drift.model import Meaning, Remedy

SERVICES: Final = {
    22: "SSH",
    ports.P2P: "p2p",
    ports.PRIVVAL: "privval",
    ports.COSIGNER: "cosigner traffic",
    ports.PROXY: "proxy",
    ports.NTP: "time",
    ports.WIREGUARD: "tunnel",
}
STRANGERS_PREFIX: Final = 8
"""A source as wide as this or wider is everybody."""

STOPPED: Final = by_hand(
    "keep the signer of {host} stopped: signing with an empty watermark is how a validator is slashed"
)


def volume_gone(traces: Remedy, opening: str = "gone") -> Judge:
    """A data volume is gone; `opening` says how one knows."""

    def decide(case: Case) -> Meaning:
        if case.resource.place.role == "cosigner":
            says = (
                "{opening}: the data volume of {host}, its shard and its watermark are lost: "
                "do not start this host's signer"
            )
        elif case.signs:
            says = "{opening}: the data volume of {host}, its watermark is lost: do not start this host's signer"
        else:
            says = (
                "{opening}: the data volume of {host}; it holds no key, and an empty one has to catch up with the chain"
            )
            return meaning(case, "uptime", says, traces, UP, opening=opening)
        return meaning(case, "stake", says, NO_REFRESH, STOPPED, traces, RESTORED, NEW_HOST, opening=opening)

    says = f"{opening}: the data volume of a host; of a signing one the shard or the watermark is lost"
    return weighed("stake", says, decide, NO_REFRESH, STOPPED, traces, RESTORED, NEW_HOST)


def attachment_gone(traces: Remedy) -> Judge:
    """A data volume is not attached any more."""
    says = (
        "gone: the attachment of the data volume to {host}; it runs without its disk, which may be attached elsewhere"
    )
    first = hold(
        "run no `pulumi up --refresh` before you know where the volume of {host} is: attached elsewhere, it is a second signer"
    )

    def decide(case: Case) -> Meaning:
        if case.signs:
            return meaning(case, "stake", says, first, traces, UP)
        return meaning(case, "uptime", says, traces, UP)

    return weighed("stake", says, decide, first, traces, UP)


def host_gone(traces: Remedy) -> Judge:
    """A host itself is gone."""
    first = hold(
        "run no `pulumi up --refresh` before you know that no copy of {host} runs anywhere: it makes the host anew, and two "
        "signers of one key are slashed"
    )
    then = Remedy(
        kind="up", text="then `pulumi up --refresh` makes it anew, on its old data volume if that is still there"
    )

    def decide(case: Case) -> Meaning:
        if case.signs:
            says = "gone: {host}; the quorum is one smaller, and who deleted it may have copied its disk first"
            return meaning(case, "stake", says, first, traces, then)
        if case.resource.place.role == "gateway":
            says = "gone: {host}; nobody gets into {site} through it, and its private hosts have lost proxy and tunnel"
            return meaning(case, "uptime", says, traces, UP)
        return meaning(case, "uptime", "gone: {host}", traces, UP)

    says = "gone: a host; of a signing one the quorum is smaller, and its disk may have been copied"
    return weighed("stake", says, decide, first, traces, then)


def address_gone(traces: Remedy) -> Judge:
    """A public address is released."""

    def decide(case: Case) -> Meaning:
        says = "gone: the public address of {host}: peers, tunnels and other sites' rules name it, and it may be given to a stranger"
        return meaning(case, "exposure", says, traces, _peers_follow())

    says = (
        "gone: the public address of a host: peers, tunnels and other sites' rules name it, and a stranger may get it"
    )
    return weighed("exposure", says, decide, traces, _peers_follow())


def _peers_follow() -> Remedy:
    text = (
        "`pulumi up --refresh` takes a new address and changes the rules that name the old one; tell peers outside the fleet. "
        "While the old one stands in rules, whoever has it now is admitted: do not wait"
    )
    return Remedy(kind="up", text=text)


def key_gone(cancel: str, traces: Remedy) -> Judge:
    """The key of a site's volumes is about to be deleted, or gone."""
    text = (
        "gone: the key of the volumes of {site}; its hosts run on until they stop, then no disk of theirs opens again"
    )
    steps = (
        hold(
            "run neither `pulumi refresh` nor `pulumi up --refresh`, and stop no host of {site}: a new key opens no old disk"
        ),
        by_hand(cancel),
        traces,
    )
    return Judge(severity="stake", says=text, remedies=steps)


def lock_off(prop: str) -> Judge:
    """A lock against deletion is switched off."""

    def decide(case: Case) -> Meaning | None:
        if case.new.get(prop):
            says = "the lock against deletion of {host} was switched on, which the config does not ask for"
            return meaning(case, "housekeeping", says, UP)
        says = (
            "the lock against deletion of {host} is off: one call ends it; switching it off is what comes before that"
        )
        return meaning(case, "exposure", says, UP)

    return weighed("exposure", "the lock against deletion of {host} is off: one call ends it", decide, UP)


def root_by_metadata(traces: Remedy) -> tuple[Remedy, ...]:
    """What to do where somebody may be root on a host."""
    return (
        hold("start and reboot {host} no more before it is looked through: take it for another's"),
        traces,
        by_hand("put the value back in the cloud; `up` leaves it (`ignore_changes`)"),
        NEW_HOST,
    )


def resized() -> Judge:
    """A host has another size."""
    stop = Remedy(
        kind="up", text="`pulumi up --refresh` puts it back and stops the host for it: one signing host at a time"
    )
    wanted = config("if it was meant: write the size into `machines` of the site, then `pulumi up --refresh`")
    return Judge(severity="uptime", says="{host} has another machine size", remedies=(stop, wanted))


def volume_resized() -> Judge:
    """A volume has another size."""
    wanted = config(
        "a volume never shrinks: write the new size into `machines` of the site (`data_gb`), then `pulumi up --refresh`"
    )
    first = hold("run no `pulumi up --refresh` before the config says so: it would try to shrink or replace the volume")
    return Judge(severity="housekeeping", says="the data volume of {host} has another size", remedies=(first, wanted))


def tags_changed() -> Judge:
    """Tags or labels that guard nothing."""
    says = (
        "{name} has other tags or labels: bills, inventories and our own tools find it by them; no rule looks at them"
    )
    return Judge(severity="housekeeping", says=says, remedies=(UP,))


RUNNING: Final = frozenset({"running", "RUNNING", "active"})


def stands_still(prop: str, start: str) -> Judge:
    """A host is stopped."""
    step = by_hand(f"{start}; of a signing host first see that its volume is there and that no copy of it runs")

    def decide(case: Case) -> Meaning | None:
        return None if case.new.get(prop) in RUNNING else meaning(case, "uptime", "{host} does not run", step)

    return weighed("uptime", "{host} does not run", decide, step)


def foreign_disk() -> Remedy:
    """What to do with a disk that is not ours."""
    return by_hand("take it off in the cloud's console; `up` leaves it")


# What rules let in.


def networks(values: Any) -> list[IPv4Network | IPv6Network]:
    """The ranges among values; what is none is left out."""
    found: list[IPv4Network | IPv6Network] = []
    for value in values or ():
        try:
            found.append(ip_network(str(value), strict=False))
        except ValueError:
            continue
    return found


def beyond(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """The new ranges that no old one holds."""
    before = networks(old)
    return [str(one) for one in networks(new) if not any(_within(one, other) for other in before)]


def _within(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def strangers(ranges: Iterable[str]) -> bool:
    """Whether everybody is among them."""
    return any(one.prefixlen <= STRANGERS_PREFIX and not one.is_private for one in networks(ranges))


def service(protocol: Any, first: Any, last: Any) -> str:
    """What is behind ports, in words."""
    try:
        low, high = int(first), int(last)
    except (TypeError, ValueError):
        return f"{protocol}"
    if str(protocol) in ("-1", "all") or (low, high) == (1, 65535):
        return "all ports"
    if low == high:
        name = SERVICES.get(low)
        return f"{name} ({protocol} {low})" if name else f"{protocol} {low}"
    return f"{protocol} {low}-{high}"


def opened(case: Case, ranges: list[str], what: str, *remedies: Remedy) -> Meaning:
    """The meaning of new sources of a rule that lets in."""
    who = (
        "a stranger"
        if strangers(ranges)
        else f"whoever is in {', '.join(ranges)}, which the flow matrix does not name,"
    )
    says = "{who} can reach {what} of {hosts}"
    return meaning(case, "exposure", says, *remedies, who=who, what=what)


def let_out(case: Case, ranges: list[str], what: str, *remedies: Remedy) -> Meaning:
    """The meaning of new destinations of a rule that lets out."""
    where = "anywhere" if strangers(ranges) else f"to {', '.join(ranges)}, which the flow matrix does not name"
    says = "{hosts} can send {what} {where}: a way for keys to leave"
    return meaning(case, "exposure", says, *remedies, where=where, what=what)
