"""Ids of lost GCP resources: paths of project, place and name, which the inputs and the provider's inputs hold.

Forms as on the Import section of each resource's page. A key ring alone is asked for: the provider names it, and another
name is proposed at every run that has lost the last one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ops.recover.lookups.base import (
    Lookup,
    NotYetError,
    Outcome,
    Properties,
    Question,
    Verdict,
    Wanted,
    ask,
    follows,
    need,
    undecided,
)

GET_KEY_RINGS: Final = "gcp:kms/getKeyRings:getKeyRings"


def _place(wanted: Wanted, name: str) -> str:
    """Project, region or zone: the resource's own, else its provider's."""
    value = wanted.inputs.get(name) or wanted.provider_inputs.get(name)
    if not value:
        raise NotYetError(name)
    return _last(value)


def _last(link: str) -> str:
    """The name at the end of a link or path."""
    return link.rpartition("/")[2]


def _project(wanted: Wanted) -> str:
    return f"projects/{_place(wanted, 'project')}"


def _global(kind: str) -> Lookup:
    return lambda wanted: follows(f"{_project(wanted)}/global/{kind}/{need(wanted, 'name')}")


def _regional(kind: str) -> Lookup:
    return lambda wanted: follows(
        f"{_project(wanted)}/regions/{_place(wanted, 'region')}/{kind}/{need(wanted, 'name')}"
    )


def _zonal(kind: str) -> Lookup:
    return lambda wanted: follows(f"{_project(wanted)}/zones/{_place(wanted, 'zone')}/{kind}/{need(wanted, 'name')}")


def _attached_disk(wanted: Wanted) -> Verdict:
    """The zone and project are those of the instance, which is named by its path, or by its name alone."""
    instance, disk = need(wanted, "instance"), need(wanted, "disk")
    if "/zones/" in instance:
        path = instance[instance.index("projects/") :] if "projects/" in instance else instance
        return follows(f"{path}/{_last(disk)}")
    return follows(f"{_project(wanted)}/zones/{_place(wanted, 'zone')}/instances/{instance}/{_last(disk)}")


def _router_nat(wanted: Wanted) -> Verdict:
    """The shorter form, which is also the one in the state."""
    project, region = _place(wanted, "project"), _place(wanted, "region")
    return follows(f"{project}/{region}/{_last(need(wanted, 'router'))}/{need(wanted, 'name')}")


def _account(wanted: Wanted) -> Verdict:
    project = _place(wanted, "project")
    email = f"{need(wanted, 'accountId')}@{project}.iam.gserviceaccount.com"
    return follows(f"projects/{project}/serviceAccounts/{email}")


def _member(wanted: Wanted) -> Verdict:
    """The three parts are parted by spaces (IAM resources, Import)."""
    return follows(f"{need(wanted, 'cryptoKeyId')} {need(wanted, 'role')} {need(wanted, 'member')}")


def _key_ring(wanted: Wanted) -> Outcome:
    """A ring by its exact name; one that only begins like it may be an older one, since rings are never deleted."""
    project, location = _place(wanted, "project"), need(wanted, "location")
    how = "by its name with getKeyRings"
    remedy = f"run `gcloud kms keyrings list --project {project} --location {location}`"
    ours = re.compile(rf"{re.escape(wanted.name)}-[0-9a-f]{{7}}")

    def judge(found: Sequence[Properties]) -> Verdict:
        paths = [str(ring["id"]) for ring in found[0].get("keyRings") or []]
        exact = [path for path in paths if _last(path) == wanted.inputs.get("name")]
        if exact:
            return Verdict(ids=tuple(exact), how=how)
        like = [path for path in paths if ours.fullmatch(_last(path))]
        if not like:
            return Verdict(how=how)
        return undecided(
            f"rings of an earlier life of the stack look the same ({', '.join(like)}), and a ring is free of charge, "
            "so making a new one does no harm",
            remedy,
            how,
            like,
        )

    # The function reads one page alone (data_source_google_kms_key_rings.go), so a filter has to make the list short.
    named, begins = wanted.inputs.get("name") or "", f"{wanted.name}-"
    part = begins if not named or named.startswith(begins) else named
    args = {"project": project, "location": location, "filter": f"name:{part}"}
    return ask([Question(GET_KEY_RINGS, args)], how, remedy, judge)


def _crypto_key(wanted: Wanted) -> Verdict:
    return follows(f"{need(wanted, 'keyRing')}/cryptoKeys/{need(wanted, 'name')}")


def _everything(wanted: Wanted) -> Outcome:
    """The disks that carry the fleet's and the stack's labels, by Cloud Asset Inventory. An instance has a name for itself in
    its zone, so an unknown one would have stopped the update that makes it again."""
    project = wanted.provider_inputs.get("project", "")
    how, remedy = "by label with getSearchAllResources", f"run `gcloud compute disks list --project {project}`"
    ours = {"redoubt-fleet": wanted.fleet, "redoubt-stack": wanted.stack}

    def judge(found: Sequence[Properties]) -> Verdict:
        disks = [one for one in found[0].get("results") or [] if ours.items() <= (one.get("labels") or {}).items()]
        return Verdict(ids=tuple(str(one["name"]) for one in disks), how=how)

    args = {"scope": f"projects/{project}", "assetTypes": ["compute.googleapis.com/Disk"]}
    return ask([Question("gcp:cloudasset/getSearchAllResources:getSearchAllResources", args)], how, remedy, judge)


LOOKUPS: Final[Mapping[str, Lookup]] = {
    "gcp:redoubt/everything:Everything": _everything,
    "gcp:compute/network:Network": _global("networks"),
    "gcp:compute/subnetwork:Subnetwork": _regional("subnetworks"),
    "gcp:compute/route:Route": _global("routes"),
    "gcp:compute/router:Router": _regional("routers"),
    "gcp:compute/routerNat:RouterNat": _router_nat,
    "gcp:compute/firewall:Firewall": _global("firewalls"),
    "gcp:compute/address:Address": _regional("addresses"),
    "gcp:compute/instance:Instance": _zonal("instances"),
    "gcp:compute/disk:Disk": _zonal("disks"),
    "gcp:compute/attachedDisk:AttachedDisk": _attached_disk,
    "gcp:serviceaccount/account:Account": _account,
    "gcp:kms/keyRing:KeyRing": _key_ring,
    "gcp:kms/cryptoKey:CryptoKey": _crypto_key,
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": _member,
}
