"""What drift means on GCP.

What GCP knows by name keeps its id when it is deleted and made anew, so the numbers of disks and instances are watched.
A firewall or a route of another name in our network is a resource of its own that no refresh of ours asks for: docs/drift.md
says what finds it.
"""

from collections.abc import Mapping
from typing import Any, Final

from ops.drift.meanings import shared
from ops.drift.meanings.forms import UP, Case, Judge, TypeMeanings, always, by_hand, hold, investigate, meaning, weighed
from ops.drift.model import Meaning, fields, items

TRACES: Final = investigate("Cloud Audit Logs of the project, admin activity")
ATTACHED: Final = "gcp:compute/attachedDisk:AttachedDisk"
RESTORE: Final = (
    "restore it within its window: `gcloud kms keys versions restore`, then `gcloud kms keys versions enable`"
)
LABELS: Final[dict[str, Judge]] = dict.fromkeys(("labels", "effectiveLabels", "pulumiLabels"), shared.tags_changed())
LOOK_THROUGH: Final = by_hand("look {host} through: whoever got in may have stayed")
ROOT_KEYS: Final = (
    "startup-script",
    "ssh-keys",
    "sshKeys",
    "shutdown-script",
    "enable-oslogin",
    "block-project-ssh-keys",
)
"""Metadata by which somebody gets root on a host; `startup-script` runs at each boot."""


def metadata(case: Case) -> Meaning:
    """Metadata is how one becomes root on an instance."""
    keys = {change.path.partition(".")[2] or change.path for change in case.changes}
    if any(name in key for key in keys for name in ("startup-script", "shutdown-script")):
        says = "the start-up script of {host} was changed: it runs as root at each boot"
        return meaning(case, "stake" if case.signs else "exposure", says, *shared.root_by_metadata(TRACES))
    if any(name in key for key in keys for name in ROOT_KEYS):
        says = "metadata of {host} lets somebody log in who is not on the list"
        first = hold("take {host} for another's before it is looked through")
        if case.signs:
            return meaning(case, "stake", says, first, TRACES, UP)
        return meaning(case, "exposure", says, TRACES, UP, LOOK_THROUGH)
    return meaning(case, "exposure", "metadata of {host} is not as planned: Google's agent acts on it", TRACES, UP)


def attached(case: Case) -> Meaning | None:
    """Disks at an instance that no attachment of ours stands for."""
    ours = {(one.new or {}).get("deviceName") for one in case.refresh.of_type(ATTACHED) if _at(one.new, case)}
    foreign = [one for one in map(fields, items(case.new.get("attachedDisks"))) if one.get("deviceName") not in ours]
    if not foreign:
        return None
    return meaning(case, "exposure", FOREIGN_DISK, TRACES, shared.foreign_disk())


def _at(attachment: Mapping[str, Any] | None, case: Case) -> bool:
    instance = str((attachment or {}).get("instance", ""))
    return bool(instance) and instance.rsplit("/", 1)[-1] == case.resource.id.rsplit("/", 1)[-1]


FOREIGN_DISK: Final = "a disk of somebody else is attached to {host}"


def firewall_gone(case: Case) -> Meaning:
    """A denial that is gone opens, an allowance that is gone shuts."""
    if case.old.get("denies"):
        says = "gone: {name}; without this denial whatever else there is decides, and GCP itself lets everything out"
        return meaning(case, "exposure", says, TRACES, UP)
    return meaning(case, "uptime", "gone: {name}; the flow of {hosts} that it was for is shut", TRACES, UP)


def firewall_changed(case: Case) -> Meaning:
    """A firewall reads otherwise."""
    old, new = case.old, case.new
    if old.get("denies"):
        says = "the denial {name} is not as planned: what the flow matrix does not name may get through"
        return meaning(case, "exposure", says, TRACES, UP)
    what = ", ".join(_allowed(new)) or "ports"
    inwards = str(new.get("direction")).upper() == "INGRESS"
    side = "sourceRanges" if inwards else "destinationRanges"
    ranges = shared.beyond(items(old.get(side)), items(new.get(side)))
    if ranges:
        return (shared.opened if inwards else shared.let_out)(case, ranges, what, TRACES, UP)
    return meaning(case, "exposure", "the firewall {name} is not as planned: it is for {what}", TRACES, UP, what=what)


def _allowed(outputs: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for one in map(fields, items(outputs.get("allows"))):
        for ports in items(one.get("ports")) or ["1-65535"]:
            first, _, last = str(ports).partition("-")
            found.append(shared.service(one.get("protocol"), first, last or first))
    return found


def key_changed(case: Case) -> Meaning | None:
    """A key version that is to be destroyed leaves the key in the state: only `primaries` tells."""
    states = {str(fields(one).get("state")) for one in items(case.new.get("primaries"))}
    if states == {"ENABLED"}:
        if any(change.property == "primaries" for change in case.changes):
            return None  # rotated, as planned
        return meaning(case, "housekeeping", "the key {name} is rotated otherwise or not at all", UP)
    return shared.key_gone(RESTORE, TRACES).judge(case)


KEY: Final = weighed(
    "stake",
    "the key of the volumes of {site} is disabled or to be destroyed; once its hosts stop, no disk of theirs opens again",
    key_changed,
    hold("run no `pulumi up --refresh`, and stop no host of {site}"),
    by_hand(RESTORE),
    TRACES,
)
FIREWALL: Final = weighed(
    "exposure", "{name} is wider than planned: a stranger may reach {hosts}", firewall_changed, TRACES, UP
)
REBUILT: Final = always("uptime", "gone: {name}; what it connects in {site} stands still", TRACES, UP)
NETWORK: Final = always("exposure", "{name}: the network of {site} is not as planned", TRACES, UP)

INSTANCE: Final = TypeMeanings(
    gone=shared.host_gone(TRACES),
    watched=frozenset({"currentStatus", "attachedDisks", "instanceId"}),
    changed={
        **LABELS,
        "deletionProtection": shared.lock_off("deletionProtection"),
        "machineType": shared.resized(),
        "currentStatus": shared.stands_still("currentStatus", "start it: `gcloud compute instances start`"),
        "metadata": weighed(
            "stake",
            "metadata of {host} was changed: keys, scripts that run as root at each boot",
            metadata,
            *shared.root_by_metadata(TRACES),
        ),
        "metadataStartupScript": always(
            "stake", "the start-up script of {host} was changed: it runs as root", *shared.root_by_metadata(TRACES)
        ),
        "instanceId": always(
            "stake",
            "another instance has the name of {host}: it is not the host that was made",
            *shared.root_by_metadata(TRACES),
        ),
        "bootDisk": always(
            "stake",
            "{host} starts from another disk: it may not be the host that was made",
            *shared.root_by_metadata(TRACES),
        ),
        "attachedDisks": weighed("exposure", FOREIGN_DISK, attached, TRACES, shared.foreign_disk()),
        "serviceAccount": always(
            "exposure",
            "{host} has another service account: other firewalls hold for it, and it may call Google",
            TRACES,
            UP,
        ),
        "networkInterfaces": always(
            "exposure",
            "{host} has other addresses or networks: a public one where the plan gives none opens it",
            TRACES,
            UP,
        ),
        "canIpForward": always("exposure", "{host} may send with addresses of others, and route", TRACES, UP),
        "tags": always("exposure", "{host} has other network tags: another route, so perhaps a way out", TRACES, UP),
        "shieldedInstanceConfig": always("exposure", "{host} starts without proof of what it starts", TRACES, UP),
        "scheduling": always("uptime", "{host} may be stopped or moved otherwise than planned", UP),
    },
    otherwise=always("exposure", "{host} is not as planned", TRACES, UP),
)

TYPES: Final[Mapping[str, TypeMeanings]] = {
    "gcp:compute/instance:Instance": INSTANCE,
    "gcp:compute/disk:Disk": TypeMeanings(
        gone=shared.volume_gone(TRACES),
        watched=frozenset({"diskId"}),
        changed={
            **LABELS,
            "size": shared.volume_resized(),
            "diskId": shared.volume_gone(TRACES, "another disk has its name, gone is"),
        },
        otherwise=always("housekeeping", "the data volume of {host} is of another kind", TRACES, UP),
    ),
    ATTACHED: TypeMeanings(
        gone=shared.attachment_gone(TRACES),
        otherwise=always("exposure", "the data volume of {host} is attached in another way", TRACES, UP),
    ),
    "gcp:compute/address:Address": TypeMeanings(
        gone=shared.address_gone(TRACES),
        changed=LABELS,
        otherwise=always("exposure", "the address {name} is not as planned", TRACES, UP),
    ),
    "gcp:compute/firewall:Firewall": TypeMeanings(
        gone=weighed("exposure", "gone: {name}; a denial opens, an allowance shuts", firewall_gone, TRACES, UP),
        changed={
            "disabled": always("exposure", "{name} is switched off: a denial opens, an allowance shuts", TRACES, UP),
            "targetServiceAccounts": always(
                "exposure",
                "{name} holds for other hosts than planned, for all of the network where it names none",
                TRACES,
                UP,
            ),
            "logConfig": always("exposure", "{name} does not log what it stops", TRACES, UP),
            "description": always("housekeeping", "{name} has another description", UP),
        },
        otherwise=FIREWALL,
    ),
    "gcp:compute/network:Network": TypeMeanings(gone=REBUILT, otherwise=NETWORK),
    "gcp:compute/subnetwork:Subnetwork": TypeMeanings(
        gone=REBUILT,
        changed={
            "privateIpGoogleAccess": always(
                "exposure", "private hosts in {name} reach all that is hosted at Google: a way out", TRACES, UP
            ),
            "logConfig": always("exposure", "nobody records who talks to whom in {name}", TRACES, UP),
        },
        otherwise=NETWORK,
    ),
    "gcp:compute/route:Route": TypeMeanings(
        gone=REBUILT, otherwise=always("exposure", "the route {name} leads elsewhere", TRACES, UP)
    ),
    "gcp:compute/router:Router": TypeMeanings(gone=REBUILT, otherwise=NETWORK),
    "gcp:compute/routerNat:RouterNat": TypeMeanings(gone=REBUILT, otherwise=NETWORK),
    "gcp:kms/cryptoKey:CryptoKey": TypeMeanings(
        gone=shared.key_gone(RESTORE, TRACES),
        watched=frozenset({"primaries"}),
        changed={**LABELS, "primaries": KEY, "rotationPeriod": KEY},
        otherwise=always("housekeeping", "the key {name} is not as planned", UP),
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": TypeMeanings(
        gone=always("uptime", "gone: the right to use the key of {site}; no host of it starts again", TRACES, UP),
        otherwise=always("exposure", "others may use the key of the volumes of {site}", TRACES, UP),
    ),
    "gcp:kms/keyRing:KeyRing": TypeMeanings(
        gone=shared.key_gone(RESTORE, TRACES),
        otherwise=always("housekeeping", "the key ring {name} is not as planned", UP),
    ),
    "gcp:serviceaccount/account:Account": TypeMeanings(
        gone=always("exposure", "gone: the name of {hosts}: firewalls that name it hold for none of them", TRACES, UP),
        changed={
            "disabled": always("uptime", "the service account of {hosts} is disabled", TRACES, UP),
        },
        otherwise=always("housekeeping", "the service account of {hosts} is not as planned", UP),
    ),
}
