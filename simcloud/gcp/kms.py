"""Key rings, keys and who may use them (google-beta/services/kms/*; see gcp.json).

Neither a ring nor a key is ever deleted in GCP: the record stays, and so does its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import UNKNOWN, known
from simcloud.gcp.account import (
    KMS_LOCATIONS,
    REGIONS,
    fingerprint,
    place_of_path,
    require,
)
from simcloud.gcp.accounts import exists, service_agent
from simcloud.gcp.common import GcpModel, chosen, given
from simcloud.gcp.tokens import CRYPTO_KEY, CRYPTO_KEY_IAM_MEMBER, KEY_RING
from simcloud.ledger import Record

SYMMETRIC = "ENCRYPT_DECRYPT"
PURPOSES = {SYMMETRIC, "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC", "RAW_ENCRYPT_DECRYPT"}
TEMPLATE = {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"}
SHORTEST_ROTATION = 86400.0
DESTROY_AFTER = "2592000s"
ENCRYPTER_DECRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"

ROLE = re.compile(r"^(roles|projects/[^/]+/roles|organizations/[^/]+/roles)/[A-Za-z0-9_.]+$")
CASE_SENSITIVE = ("principal:", "principalSet:", "principalHierarchy:")


def require_key(call: Call, link: str) -> Record:
    """The key that a reference names; a version at its end does not count."""
    return require(call, CRYPTO_KEY, key_path(link))


def key_path(link: str) -> str:
    """The id of a key, from any of its forms: `projects/...`, `project/location/ring/key`."""
    path = link.partition("/cryptoKeyVersions/")[0]
    if "projects/" in path:
        return f"projects/{path.partition('projects/')[2]}"
    parts = path.split("/")
    if len(parts) == 4:
        project, location, ring, key = parts
        return f"projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}"
    return path


def refuse_unusable_key(call: Call, link: str, project: str, region: str) -> None:
    """Raise unless Compute Engine can use the key for a disk of the project in the region (general knowledge)."""
    key = require_key(call, link)
    location = place_of_path(key.id)
    if location in REGIONS and location != region:
        raise CloudError(
            "invalid", f"The key {key.id} is in {location}, not in {region}", f"use a key of {region} or a global one"
        )
    if key.outputs["purpose"] != SYMMETRIC:
        raise CloudError("invalid", f"The key {key.id} is not for {SYMMETRIC}", f"use a key with purpose {SYMMETRIC}")
    if key.hidden["state"] != "ENABLED":
        raise CloudError(
            "invalid",
            f"The key {key.id} has no enabled version: {key.hidden['state']}",
            "use a key that is not destroyed",
        )
    agent = f"serviceAccount:{service_agent(project)}"
    grants = call.find(CRYPTO_KEY_IAM_MEMBER, cryptoKeyId=key.id, role=ENCRYPTER_DECRYPTER)
    if agent not in [grant.outputs["member"] for grant in grants]:
        raise CloudError(
            "kmsPermissionDenied",
            f"Cloud KMS error when using key {key.id}: Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied",
            f"grant {ENCRYPTER_DECRYPTER} on the key to {agent}, and name the grant in depends_on",
        )


class KeyRing(GcpModel):
    """A ring of keys in a location, there for ever."""

    token = KEY_RING
    autoname = Autoname(63)

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        location = known(inputs, "location")
        if location is not None and location not in KMS_LOCATIONS:
            yield Failure("location", f"{location!r} is no location of Cloud KMS: use a region, or global")

    def location(self, inputs: Mapping[str, Any], default: Mapping[str, str]) -> str:
        """See GcpModel.location."""
        given_location = inputs.get("location")
        return given_location if isinstance(given_location, str) else ""

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = f"projects/{inputs['project']}/locations/{inputs['location']}/keyRings/{inputs['name']}"
        refuse_used_name(call, KEY_RING, path, "KeyRing")
        return Created(path)

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the provider drops it from the state only."""
        return False


def refuse_used_name(call: Call, type: str, path: str, what: str) -> None:  # noqa: A002
    """Raise if a ring or a key of that id was ever made; GCP never frees the name."""
    if call.get(type, path):
        raise CloudError(
            "alreadyExists",
            f"{what} {path} already exists, and GCP never deletes one",
            f"take it into the stack with `pulumi import {type} NAME {path}`, or choose another name; in the "
            "simulation `python -m simcloud purge STACK` forgets what that stack made",
        )


class CryptoKey(GcpModel):
    """A key with one version. Imported, external and rotated versions are not modelled."""

    token = CRYPTO_KEY
    autoname = Autoname(63)
    unsupported = frozenset(
        {"cryptoKeyBackend", "importOnly", "keyAccessJustificationsPolicy", "skipInitialVersionCreation"}
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        ring = known(inputs, "keyRing")
        if ring is not None and not ring_path(ring):
            yield Failure("keyRing", f"{ring!r} is no key ring: give the id of one, projects/p/locations/l/keyRings/r")
        period = known(inputs, "rotationPeriod")
        if period is not None:
            yield from self._check_rotation(inputs, period)
        if given(inputs, "purpose", SYMMETRIC) not in {*PURPOSES, None}:
            yield Failure("purpose", f"{inputs['purpose']!r} is unknown: use one of {', '.join(sorted(PURPOSES))}")
        level = (inputs.get("versionTemplate") or {}).get("protectionLevel") if inputs.get("versionTemplate") else None
        if level in ("EXTERNAL", "EXTERNAL_VPC"):
            yield Failure("versionTemplate.protectionLevel", f"{level} is not simulated: use SOFTWARE or HSM")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Short and full ids of a ring are equal."""
        if prop == "keyRing" and isinstance(old, str) and isinstance(new, str):
            return ring_path(old) == ring_path(new)
        return super().same(prop, old, new)

    def location(self, inputs: Mapping[str, Any], default: Mapping[str, str]) -> str:
        """See GcpModel.location."""
        ring = inputs.get("keyRing")
        return place_of_path(ring_path(ring)) if isinstance(ring, str) else ""

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored."""
        ring = inputs.get("keyRing")
        return {**inputs, "keyRing": ring_path(ring)} if isinstance(ring, str) else inputs

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        ring = require(call, KEY_RING, ring_path(inputs["keyRing"]))
        path = f"{ring.id}/cryptoKeys/{inputs['name']}"
        refuse_used_name(call, CRYPTO_KEY, path, "CryptoKey")
        symmetric = inputs["purpose"] == SYMMETRIC
        template = inputs.get("versionTemplate")
        if symmetric and template and template["algorithm"] != TEMPLATE["algorithm"]:
            raise CloudError(
                "badRequest", f"{template['algorithm']} is not for {SYMMETRIC}", f"use {TEMPLATE['algorithm']}"
            )
        if not symmetric and not template:
            raise CloudError("badRequest", f"{inputs['purpose']} needs an algorithm", "set versionTemplate.algorithm")
        version = {"name": f"{path}/cryptoKeyVersions/1", "state": "ENABLED"}
        outputs = {
            "primaries": [version] if symmetric else [],
            **chosen(inputs, destroyScheduledDuration=DESTROY_AFTER, versionTemplate=TEMPLATE),
        }
        return Created(path, outputs, hidden={"state": "ENABLED"})

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; the version is destroyed after its time, the key and its name stay."""
        call.change(record, hidden={"state": "DESTROY_SCHEDULED"})
        primaries = [{**version, "state": "DESTROY_SCHEDULED"} for version in record.outputs["primaries"]]
        call.change(record, outputs={**record.outputs, "primaries": primaries, "rotationPeriod": ""})
        return False

    def _check_rotation(self, inputs: Properties, period: str) -> Iterator[Failure]:
        number = period.removesuffix("s")
        if len(number.partition(".")[2]) > 9 or float(number) < SHORTEST_ROTATION:
            yield Failure("rotationPeriod", f"{period!r} is too short or too exact: use 86400s or more, 9 decimals")
        if given(inputs, "purpose", SYMMETRIC) not in (SYMMETRIC, None):
            yield Failure("rotationPeriod", f"is only for purpose {SYMMETRIC}: remove it")


def ring_path(ring: str) -> str:
    """The id of a ring from its full or short form, empty when it has neither."""
    if re.match(r"^projects/[^/]+/locations/[^/]+/keyRings/[^/]+$", ring):
        return ring
    parts = ring.split("/")
    return "projects/{}/locations/{}/keyRings/{}".format(*parts) if len(parts) == 3 else ""


class CryptoKeyIAMMember(GcpModel):
    """One member of a role on a key; other members stay. Users, groups and domains are taken to exist."""

    token = CRYPTO_KEY_IAM_MEMBER

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        member = known(inputs, "member")
        if member is not None and member.startswith("deleted:"):
            yield Failure("member", f"{member!r} is nobody any more: name a member that exists")
        role = known(inputs, "role")
        if role is not None and not ROLE.match(role):
            yield Failure("role", f"{role!r} is no role: write it as roles/cloudkms.cryptoKeyEncrypterDecrypter")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Forms of one key's id are equal, and members whatever their case where it does not matter."""
        if UNKNOWN in (old, new) or old is None or new is None:
            return False
        if prop == "cryptoKeyId":
            return key_path(old) == key_path(new)
        return prop == "member" and _lowered(old) == _lowered(new)

    def location(self, inputs: Mapping[str, Any], default: Mapping[str, str]) -> str:
        """See GcpModel.location."""
        key = inputs.get("cryptoKeyId")
        return place_of_path(key_path(key)) if isinstance(key, str) else ""

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored."""
        key, member = inputs.get("cryptoKeyId"), inputs.get("member")
        known_key = {"cryptoKeyId": key_path(key)} if isinstance(key, str) else {}
        return {**inputs, **known_key, **({"member": _lowered(member)} if isinstance(member, str) else {})}

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create; a grant that is there already is taken as it is."""
        key = require_key(call, inputs["cryptoKeyId"])
        member = _lowered(inputs["member"])
        kind, _, email = member.partition(":")
        if kind == "serviceAccount" and not exists(call, email):
            raise CloudError(
                "badRequest",
                f"Service account {email} does not exist",
                "make it first; an agent's address has the project's number, see getProject",
            )
        title = (inputs.get("condition") or {}).get("title")
        path = "/".join([key.id, inputs["role"], member, *([title] if title else [])])
        existing = call.get(CRYPTO_KEY_IAM_MEMBER, path)
        if existing:
            call.remove(existing)
        return Created(path, {"etag": fingerprint(call)})

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: KEY ROLE MEMBER, parted by spaces, and the condition's title if there is one."""
        parts = id.split(" ", 3)
        if len(parts) < 3:
            raise CloudError(
                "importId",
                f"Wrong number of parts to Member id {parts}; expected 'resource_name role member [condition_title]'",
                'give an id such as "projects/p/locations/l/keyRings/r/cryptoKeys/k roles/x serviceAccount:a@b"',
            )
        return "/".join([key_path(parts[0]), parts[1], _lowered(parts[2]), *parts[3:]])


def _lowered(member: str) -> str:
    if member.startswith(CASE_SENSITIVE) or ":" not in member:
        return member
    kind, _, name = member.partition(":")
    return f"{kind}:{name.lower()}"
