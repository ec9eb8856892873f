"""Instances of Compute Engine (google-beta/services/compute/resource_compute_instance.go; see gcp.json)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Decision, Properties
from simcloud.core.values import UNKNOWN, has_unknown, known
from simcloud.gcp.account import (
    base_name,
    fingerprint_of,
    invalid,
    link_of,
    new_number,
    project_number,
    refuse_taken,
    region_of_zone,
)
from simcloud.gcp.accounts import exists
from simcloud.gcp.addresses import take_back
from simcloud.gcp.common import NAME, GcpModel, Scope, chosen, given
from simcloud.gcp.disks import disk_outputs, disk_size, refuse_shrinking, same_key
from simcloud.gcp.images import image_link, resolve, same_image
from simcloud.gcp.interfaces import lend_addresses, plan_interfaces
from simcloud.gcp.kms import refuse_unusable_key
from simcloud.gcp.machines import (
    RUNNING,
    SCHEDULING,
    SHIELDED,
    STARTUP,
    another_address,
    another_script,
    needing_stop,
    refuse_running,
    require_machine,
    same_scopes,
    scope_url,
    status,
)
from simcloud.gcp.tokens import ATTACHED_DISK, DISK, INSTANCE
from simcloud.ledger import Record

TAGS = 64
METADATA_KEY, METADATA_VALUE, METADATA_ALL = 128, 256 * 1024, 512 * 1024
"""Bytes; general knowledge, as is the number of tags."""

HOSTNAME = re.compile(r"^(?=.{1,253}$)[a-z]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$")
BOOT_TYPE = "pd-standard"


class Instance(GcpModel):
    """An instance from a public image, with its boot disk and its interfaces.

    Not modelled: accelerators, local disks, IPv6, aliases, own encryption keys, reservations, confidential computing.
    A stop for an update ends in a new ephemeral address, which a preview does not foresee, as with the real provider.
    """

    token = INSTANCE
    collection = "instances"
    scope: ClassVar[Scope] = "zones"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {
        "networkInterfaces.network": ("networks", "global"),
        "networkInterfaces.subnetwork": ("subnetworks", "regions"),
    }
    by_last_segment = frozenset({"machineType", "zone"})
    autoname = Autoname(63)
    unsupported = frozenset(
        {
            "advancedMachineFeatures",
            "attachedDisks",
            "bootDisk.diskEncryptionKeyRaw",
            "bootDisk.diskEncryptionKeyRsa",
            "bootDisk.diskEncryptionServiceAccount",
            "bootDisk.forceAttach",
            "bootDisk.guestOsFeatures",
            "bootDisk.initializeParams.enableConfidentialCompute",
            "bootDisk.initializeParams.provisionedIops",
            "bootDisk.initializeParams.provisionedThroughput",
            "bootDisk.initializeParams.replicaZones",
            "bootDisk.initializeParams.resourceManagerTags",
            "bootDisk.initializeParams.resourcePolicies",
            "bootDisk.initializeParams.snapshot",
            "bootDisk.initializeParams.sourceImageEncryptionKey",
            "bootDisk.initializeParams.sourceSnapshotEncryptionKey",
            "bootDisk.initializeParams.storagePool",
            "bootDisk.source",
            "confidentialInstanceConfig",
            "eraseWindowsVssSignature",
            "guestAccelerators",
            "instanceEncryptionKey",
            "networkInterfaces.accessConfigs.publicPtrDomainName",
            "networkInterfaces.aliasIpRanges",
            "networkInterfaces.aliasIpv6Ranges",
            "networkInterfaces.enableVpcScopedDns",
            "networkInterfaces.igmpQuery",
            "networkInterfaces.internalIpv6PrefixLength",
            "networkInterfaces.ipv6AccessConfigs",
            "networkInterfaces.ipv6Address",
            "networkInterfaces.networkAttachment",
            "networkInterfaces.queueCount",
            "networkInterfaces.securityPolicy",
            "networkInterfaces.serviceClassId",
            "networkInterfaces.vlan",
            "networkPerformanceConfig",
            "params",
            "partnerMetadata",
            "reservationAffinity",
            "resourcePolicies",
            "scheduling.gracefulShutdown",
            "scheduling.hostErrorTimeoutSeconds",
            "scheduling.localSsdRecoveryTimeout",
            "scheduling.maintenanceInterval",
            "scheduling.maxRunDuration",
            "scheduling.minNodeCpus",
            "scheduling.nodeAffinities",
            "scheduling.onInstanceStopAction",
            "scheduling.preemptionNoticeDuration",
            "scheduling.skipGuestOsShutdown",
            "scheduling.terminationTime",
            "scratchDisks",
            "workloadIdentityConfig",
        }
    )
    decisions: ClassVar[Mapping[str, Decision]] = {
        "metadataStartupScript": another_script,
        "networkInterfaces.networkIp": another_address,
    }

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        boot = inputs["bootDisk"]
        if boot is not UNKNOWN and not boot.get("initializeParams"):
            yield Failure(
                "bootDisk.initializeParams", "is needed without a disk as source, which is not simulated: set it"
            )
        interfaces = inputs["networkInterfaces"]
        if interfaces == []:
            yield Failure("networkInterfaces", "is empty: give one interface")
        for index, interface in enumerate([] if interfaces is UNKNOWN else interfaces):
            yield from self._check_interface(interface, f"networkInterfaces[{index}]")
        metadata = known(inputs, "metadata") or {}
        if "metadataStartupScript" in inputs and STARTUP in metadata:
            yield Failure("metadataStartupScript", f"cannot stand beside metadata {STARTUP}: use one of the two")
        hostname = known(inputs, "hostname")
        if hostname is not None and not HOSTNAME.match(hostname):
            yield Failure("hostname", f"{hostname!r} is no full name: write it as host.example.com")
        if given(inputs, "desiredStatus") == "SUSPENDED":
            yield Failure("desiredStatus", "SUSPENDED is not simulated: use RUNNING or TERMINATED")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Spellings of one image, key or set of scopes are equal."""
        if prop == "bootDisk.initializeParams.image":
            return same_image(old, new)
        if prop == "bootDisk.kmsKeySelfLink":
            return same_key(old, new)
        if prop == "minCpuPlatform" and old == "" and new == "AUTOMATIC":
            return True
        return same_scopes(old, new) if prop == "serviceAccount.scopes" else super().same(prop, old, new)

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored."""
        outputs = super().stored(inputs)
        if isinstance(inputs.get("machineType"), str):
            outputs["machineType"] = base_name(inputs["machineType"])
        account = inputs.get("serviceAccount")
        if isinstance(account, dict) and isinstance(account.get("scopes"), list) and not has_unknown(account):
            outputs["serviceAccount"] = {**account, "scopes": [scope_url(scope) for scope in account["scopes"]]}
        return outputs

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path = self.claim(call, inputs)
        if not NAME.match(inputs["name"]):
            raise invalid("name", inputs["name"], "Names have 1 to 63 characters.", "shorten it")
        project, zone = inputs["project"], base_name(inputs["zone"])
        self._refuse(call, inputs)
        boot, image = self._boot_disk(call, project, zone, inputs)
        facts = require_machine(inputs["machineType"], image)
        refuse_taken(call, DISK, boot["source"].partition("/compute/v1/")[2])
        outputs = {
            **self.described(call, path),
            **chosen(inputs, minCpuPlatform=""),
            **self._settings(inputs),
            "bootDisk": boot,
            "cpuPlatform": facts["platform"],
            "currentStatus": status(inputs),
            "instanceId": str(new_number(call)),
            "networkInterfaces": plan_interfaces(call, path, zone, self.stored(inputs)["networkInterfaces"], []),
            **_fingerprints(inputs),
        }
        return Created(path, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created; the boot disk has the instance's name."""
        boot = record.outputs["bootDisk"]
        params = boot["initializeParams"]
        path = boot["source"].partition("/compute/v1/")[2]
        image = resolve(record.outputs["project"], params["image"])
        disk = {
            **disk_outputs(call, params["size"], image, params["labels"]),
            "id": path,
            "image": params["image"],
            "name": record.outputs["name"],
            "project": record.outputs["project"],
            "selfLink": boot["source"],
            "type": params["type"],
            "zone": record.outputs["zone"],
        }
        call.add(DISK, path, disk, owner=record)
        if record.outputs["currentStatus"] == RUNNING:
            interfaces = lend_addresses(call, record, record.outputs["networkInterfaces"], fresh=True)
            call.change(record, outputs={**record.outputs, "networkInterfaces": interfaces})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; some changes stop the instance, if the program allows it, and start it again."""
        stored = self.stored(inputs)
        stops = needing_stop(record.outputs, stored)
        refuse_running(stops, record.outputs, inputs)
        self._refuse(call, inputs)
        boot = self._grown(call, record, inputs)
        facts = require_machine(inputs["machineType"], resolve(inputs["project"], boot["initializeParams"]["image"]))
        before = record.outputs["networkInterfaces"]
        interfaces = plan_interfaces(call, record.id, record.region, stored["networkInterfaces"], before)
        wanted = inputs.get("desiredStatus") or record.outputs["currentStatus"]
        started = wanted == RUNNING and (bool(stops) or record.outputs["currentStatus"] != RUNNING)
        if wanted == RUNNING:
            interfaces = lend_addresses(call, record, interfaces, fresh=started)
        else:
            for interface in interfaces:
                take_back(call, record, interface["name"])
        return {
            **_fingerprints(inputs),
            **self._settings({**chosen(inputs, **self._kept(record)), **inputs}),
            "bootDisk": boot,
            "cpuPlatform": facts["platform"],
            "currentStatus": wanted,
            "networkInterfaces": interfaces,
        }

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; disks are detached and stay, the boot disk too where it says so."""
        if record.outputs.get("deletionProtection"):
            raise CloudError(
                "deletionProtection",
                f"Cannot delete instance {record.id}: instance Deletion Protection is enabled",
                "set deletionProtection to false and `pulumi up` before the deletion",
            )
        for attachment in call.find(ATTACHED_DISK, instance=record.outputs["selfLink"]):
            call.remove(attachment)
        boot = record.outputs["bootDisk"]
        for disk in call.find(DISK, selfLink=boot["source"]):
            call.remove(disk)
            if not boot["autoDelete"]:
                call.transaction.add(
                    provider=call.provider, region=disk.region, type=DISK, id=disk.id, outputs=disk.outputs
                )
        return True

    def _check_interface(self, interface: Any, path: str) -> Iterator[Failure]:
        if interface is UNKNOWN:
            return
        if "network" not in interface and "subnetwork" not in interface:
            yield Failure(f"{path}.subnetwork", "or network is needed: set one")
        configs = known(interface, "accessConfigs") or []
        if len(configs) > 1:
            yield Failure(f"{path}.accessConfigs", "has several entries, an interface takes one: remove the others")
        if given(interface, "stackType", "IPV4_ONLY") not in ("IPV4_ONLY", None):
            yield Failure(f"{path}.stackType", "other than IPV4_ONLY is not simulated: leave it out")

    def _refuse(self, call: Call, inputs: Mapping[str, Any]) -> None:
        """Raise for what GCP refuses at the creation and at each change."""
        tags = inputs.get("tags") or []
        wrong = [tag for tag in tags if not NAME.match(tag)]
        if wrong or len(tags) > TAGS:
            raise invalid("tags", wrong or len(tags), f"An instance takes {TAGS} tags.", "use tags formed like names")
        metadata = inputs.get("metadata") or {}
        sizes = [len(value.encode()) for value in metadata.values()]
        long_keys = [key for key in metadata if len(key.encode()) > METADATA_KEY]
        if long_keys or max(sizes, default=0) > METADATA_VALUE or sum(sizes) > METADATA_ALL:
            raise invalid(
                "metadata",
                sorted(metadata),
                "It is too long.",
                "use 128 bytes for a key, 256 KiB for a value, 512 in all",
            )
        email = (inputs.get("serviceAccount") or {}).get("email")
        if email and not exists(call, email):
            raise CloudError(
                "notFound",
                f"The service account '{email}' was not found",
                "name the email of an account that exists, and let the instance depend on it",
            )
        scheduling = {**SCHEDULING, **(inputs.get("scheduling") or {})}
        spot = scheduling["preemptible"] or scheduling["provisioningModel"] == "SPOT"
        if spot and (scheduling["automaticRestart"] or scheduling["onHostMaintenance"] != "TERMINATE"):
            raise invalid(
                "scheduling",
                "SPOT",
                "It cannot restart or migrate by itself.",
                "set automaticRestart to false and onHostMaintenance to TERMINATE",
            )

    def _boot_disk(self, call: Call, project: str, zone: str, inputs: Properties) -> tuple[Properties, Properties]:
        boot = inputs["bootDisk"]
        params = boot["initializeParams"]
        if not params.get("image"):
            raise invalid("disks.initializeParams.sourceImage", "", "A boot disk needs an image.", "set image")
        image = resolve(project, params["image"])
        kind = base_name(params.get("type") or BOOT_TYPE)
        key = boot.get("kmsKeySelfLink")
        if key:
            refuse_unusable_key(call, key, project, region_of_zone(zone))
        made = {
            **params,
            "architecture": image["architecture"],
            "image": image_link(image),
            "labels": params.get("labels", {}),
            "size": disk_size(kind, params.get("size"), image),
            "type": kind,
        }
        source = link_of(f"projects/{project}/zones/{zone}/disks/{inputs['name']}")
        others = chosen(boot, deviceName="persistent-disk-0", kmsKeySelfLink="")
        return {**boot, **others, "diskEncryptionKeySha256": "", "initializeParams": made, "source": source}, image

    def _grown(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """The boot disk after an update: its size, labels and autoDelete change."""
        boot, wanted = record.outputs["bootDisk"], inputs["bootDisk"]
        old = boot["initializeParams"]
        params = {**old, **{n: v for n, v in wanted.get("initializeParams", {}).items() if n in ("labels", "size")}}
        refuse_shrinking(boot["source"], old["size"], params["size"])
        disk_size(params["type"], params["size"], None)
        for disk in call.find(DISK, selfLink=boot["source"]):
            call.change(disk, outputs={**disk.outputs, "size": params["size"]})
        return {**boot, "autoDelete": wanted.get("autoDelete", True), "initializeParams": params}

    def _settings(self, inputs: Mapping[str, Any]) -> Properties:
        """Blocks with GCP's values where the program gives none."""
        account = inputs.get("serviceAccount")
        outputs = {
            "scheduling": {**SCHEDULING, **(inputs.get("scheduling") or {})},
            "shieldedInstanceConfig": {**SHIELDED, **(inputs.get("shieldedInstanceConfig") or {})},
        }
        if account:
            own = f"{project_number(inputs['project'])}-compute@developer.gserviceaccount.com"
            scopes = [scope_url(scope) for scope in account["scopes"]]
            outputs["serviceAccount"] = {**account, "email": account.get("email") or own, "scopes": scopes}
        return outputs

    def _kept(self, record: Record) -> Properties:
        """The blocks that stay as they are when the program leaves them out."""
        return {name: record.outputs[name] for name in ("scheduling", "shieldedInstanceConfig")}


def _fingerprints(inputs: Mapping[str, Any]) -> Properties:
    sources = {"labelFingerprint": "effectiveLabels", "metadataFingerprint": "metadata", "tagsFingerprint": "tags"}
    return {name: fingerprint_of(inputs.get(source)) for name, source in sources.items()}
