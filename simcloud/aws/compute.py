"""EC2 instances (internal/service/ec2/ec2_instance.go; see data/aws.json)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from simcloud.aws.account import OFFERED, arn, new_id, require
from simcloud.aws.addresses import private_dns, public_dns
from simcloud.aws.common import AwsModel
from simcloud.aws.images import find_image
from simcloud.aws.interfaces import add_interface, choose_private_ip, disassociate, require_interface
from simcloud.aws.kms import refuse_unusable_key
from simcloud.aws.rules import require_group
from simcloud.aws.storage import default_iops, refuse_shrinking, refuse_size
from simcloud.aws.tokens import INSTANCE, SUBNET, VOLUME_ATTACHMENT, VPC
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.internet import public_address
from simcloud.core.model import Call, Created, Decision, Properties, Question
from simcloud.core.values import UNKNOWN, known
from simcloud.ledger import Record

NEEDS_STOP = ("instanceType", "userData", "userDataBase64", "cpuOptions")
"""Properties that are changed on a stopped instance, which then starts with a new public address (checks)."""

METADATA = {
    "httpEndpoint": "enabled",
    "httpProtocolIpv6": "disabled",
    "httpPutResponseHopLimit": 2,
    "httpTokens": "required",
    "instanceMetadataTags": "disabled",
}
"""What the newer Debian images ask for; the image's settings decide when the program does not."""


def architecture(instance_type: str) -> str:
    """The processor architecture of an instance type, empty for one that is not offered."""
    family, _, size = instance_type.partition(".")
    offered = OFFERED["instance_types"].get(family)
    return offered["architecture"] if offered and size in offered["sizes"] else ""


def architecture_changes(question: Question) -> bool:
    """Whether the old and the new type have no processor architecture in common."""
    old, new = question.change.old, question.change.new
    return UNKNOWN not in (old, new) and architecture(old) != architecture(new)


def replaced_by_user_data(question: Question) -> bool:
    """Whether changed user data replaces the instance: only when the program asks for it."""
    return question.news.get("userDataReplaceOnChange") is True


class Instance(AwsModel):
    """An instance with one interface, in a subnet that the program names: the account has no default VPC."""

    token = INSTANCE
    unsupported = frozenset(
        {
            "capacityReservationSpecification",
            "ebsBlockDevices",
            "enablePrimaryIpv6",
            "ephemeralBlockDevices",
            "getPasswordData",
            "hibernation",
            "hostId",
            "hostResourceGroupArn",
            "instanceMarketOptions",
            "ipv6AddressCount",
            "ipv6Addresses",
            "launchTemplate",
            "networkInterfaces",
            "placementGroup",
            "placementGroupId",
            "placementPartitionNumber",
            "primaryNetworkInterface",
            "secondaryNetworkInterfaces",
            "secondaryPrivateIps",
            "securityGroups",
        }
    )
    decisions: ClassVar[Mapping[str, Decision]] = {
        "cpuOptions.amdSevSnp": lambda asked: (asked.change.old or None, asked.change.new) != (None, "disabled"),
        "instanceType": architecture_changes,
        "userData": replaced_by_user_data,
        "userDataBase64": replaced_by_user_data,
    }

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if inputs.get("vpcSecurityGroupIds") == []:
            yield Failure("vpcSecurityGroupIds", "must not be empty: name a group, or leave it out for the default one")
        encoded = known(inputs, "userDataBase64")
        if encoded is not None:
            try:
                base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                yield Failure("userDataBase64", "is not base64: encode it, or use userData")
        if inputs.get("volumeTags") and (inputs.get("rootBlockDevice") or {}).get("tags"):
            yield Failure("volumeTags", "cannot be set together with tags of a block device: use one of the two")
        if inputs.get("tenancy", "default") not in ("default", UNKNOWN):
            yield Failure("tenancy", "other than default is not simulated: leave it out")

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """User data equals its hash and its base64 form; taking creditSpecification out is no change."""
        if prop in ("userData", "userDataBase64") and isinstance(old, str) and isinstance(new, str):
            encoded = base64.b64encode(new.encode()).decode()
            return old in (hashlib.sha1(new.encode()).hexdigest(), encoded)  # noqa: S324 -- the provider's choice
        return prop.startswith("creditSpecification") and new is None

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        image = find_image(call.region, inputs["ami"])
        self._refuse_type(inputs["instanceType"], image)
        self._refuse_absent(inputs)
        if not inputs.get("subnetId"):
            raise CloudError("MissingInput", "No subnets found for the default VPC", "set subnetId")
        subnet = require(call, SUBNET, inputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
        zone = subnet.outputs["availabilityZone"]
        if inputs.get("availabilityZone", zone) != zone:
            raise CloudError(
                "InvalidParameterValue",
                f"The availability zone '{inputs['availabilityZone']}' is not that of subnet {subnet.id}",
                f"leave it out, or set it to {zone}",
            )
        groups = self._groups(call, subnet, inputs)
        instance_id = new_id(call, "i")
        private_ip = choose_private_ip(call, subnet, inputs.get("privateIp"))
        public = inputs.get("associatePublicIpAddress", subnet.outputs.get("mapPublicIpOnLaunch", False))
        outputs = {
            **self._defaults(inputs),
            "arn": arn(call, "ec2", f"instance/{instance_id}"),
            "associatePublicIpAddress": public,
            "availabilityZone": zone,
            "primaryNetworkInterfaceId": new_id(call, "eni"),
            "privateDns": private_dns(call, private_ip),
            "privateIp": private_ip,
            "publicIp": public_address(call) if public else "",
            "rootBlockDevice": self._root(call, image, inputs.get("rootBlockDevice", {})),
            "vpcSecurityGroupIds": groups,
        }
        outputs["publicDns"] = public_dns(call, subnet.outputs["vpcId"], outputs["publicIp"])
        return Created(instance_id, outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        subnet = require(call, SUBNET, record.outputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
        interface = {
            "id": record.outputs["primaryNetworkInterfaceId"],
            "instanceId": record.id,
            "privateIp": record.outputs["privateIp"],
            "publicIp": record.outputs["publicIp"],
            "securityGroups": record.outputs["vpcSecurityGroupIds"],
        }
        add_interface(call, record, subnet, interface, record.outputs["publicIp"] or None)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; an elastic address appears here, and goes again.

        The provider reads an elastic address as associatePublicIpAddress, so a program that says false beside one gets
        a replacement after the next refresh (terraform-provider-aws#37318, open).
        """
        interface = require_interface(call, record.outputs["primaryNetworkInterfaceId"])
        address = interface.outputs["publicIp"]
        return {
            **record.outputs,
            "associatePublicIpAddress": bool(address),
            "publicIp": address,
            "publicDns": public_dns(call, interface.outputs["vpcId"], address),
        }

    def unknown_after(self, changed: set[str], olds: Mapping[str, Any]) -> set[str]:
        """See Model.unknown_after; a stop and start brings a new public address."""
        return {"publicIp", "publicDns"} if olds.get("publicIp") and changed & set(NEEDS_STOP) else set()

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; type, user data and processor options are changed on the stopped instance."""
        interface = require_interface(call, record.outputs["primaryNetworkInterfaceId"])
        outputs: Properties = {}
        if "vpcSecurityGroupIds" in inputs:
            subnet = require(call, SUBNET, record.outputs["subnetId"], "InvalidSubnetID.NotFound", "subnet ID")
            groups = self._groups(call, subnet, inputs)
            call.change(interface, outputs={**interface.outputs, "securityGroups": groups})
            interface = require_interface(call, interface.id)
        size = inputs.get("rootBlockDevice", {}).get("volumeSize")
        if size is not None:
            refuse_shrinking(f"the root volume of {record.id}", record.outputs["rootBlockDevice"]["volumeSize"], size)
        if any(name in inputs and inputs[name] != record.outputs.get(name) for name in NEEDS_STOP):
            self._refuse_type(inputs["instanceType"], find_image(call.region, inputs["ami"]))
            outputs |= self._restart(call, record, interface)
        return outputs

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the interface goes with it, an elastic address stays, volumes are detached."""
        if record.outputs.get("disableApiTermination") and not record.outputs.get("forceDestroy"):
            raise CloudError(
                "OperationNotPermitted",
                f"The instance '{record.id}' may not be terminated: its 'disableApiTermination' attribute is set",
                "set disableApiTermination to false, or forceDestroy to true, and `pulumi up` before the deletion",
            )
        interface = require_interface(call, record.outputs["primaryNetworkInterfaceId"])
        if interface.outputs["associationId"]:
            disassociate(call, interface)
        for attachment in call.find(VOLUME_ATTACHMENT, instanceId=record.id):
            call.remove(attachment)
        return True

    def _refuse_type(self, instance_type: str, image: Properties) -> None:
        processor = architecture(instance_type)
        if not processor:
            raise CloudError(
                "InvalidParameterValue",
                f"Invalid value '{instance_type}' for InstanceType",
                "correct it, or add the type to simcloud/data/aws-account.json",
            )
        if processor != image["architecture"]:
            raise CloudError(
                "InvalidParameterCombination",
                f"The architecture '{processor}' of {instance_type} does not match {image['architecture']} of {image['id']}",
                "use an image of the type's architecture",
            )

    def _refuse_absent(self, inputs: Properties) -> None:
        """Key pairs and instance profiles are no types of the simulation, so none can exist."""
        if inputs.get("keyName"):
            raise CloudError(
                "InvalidKeyPair.NotFound",
                f"The key pair '{inputs['keyName']}' does not exist",
                "leave keyName out: hosts trust a certificate authority, not key pairs",
            )
        if inputs.get("iamInstanceProfile"):
            raise CloudError(
                "InvalidParameterValue",
                f"Value ({inputs['iamInstanceProfile']}) for parameter iamInstanceProfile.name is invalid",
                "leave it out, or model aws:iam/instanceProfile:InstanceProfile in simcloud/aws/iam.py",
            )

    def _groups(self, call: Call, subnet: Record, inputs: Properties) -> list[str]:
        vpc = require(call, VPC, subnet.outputs["vpcId"], "InvalidVpcID.NotFound", "vpc ID")
        groups = list(dict.fromkeys(inputs.get("vpcSecurityGroupIds") or [vpc.outputs["defaultSecurityGroupId"]]))
        for group_id in groups:
            if require_group(call, group_id).outputs["vpcId"] != vpc.id:
                raise CloudError(
                    "InvalidParameter",
                    f"Security group {group_id} and subnet {subnet.id} belong to different networks",
                    f"name groups of {vpc.id}",
                )
        quota = call.quota("groups-per-interface", 5)
        if len(groups) > quota:
            raise CloudError(
                "SecurityGroupsPerInterfaceLimitExceeded",
                f"{len(groups)} groups are more than an interface takes ({quota})",
                "merge groups, or raise the quota and `python -m simcloud set quota.groups-per-interface N`",
            )
        return groups

    def _root(self, call: Call, image: Properties, wanted: Properties) -> Properties:
        disk = image["blockDeviceMappings"][0]["ebs"]
        size, kind = wanted.get("volumeSize", int(disk["volume_size"])), wanted.get("volumeType", disk["volume_type"])
        if size < int(disk["volume_size"]):
            raise CloudError(
                "InvalidBlockDeviceMapping",
                f"Volume of size {size}GB is smaller than snapshot '{disk['snapshot_id']}'",
                f"use at least {disk['volume_size']} GiB",
            )
        refuse_size(kind, size)
        if wanted.get("kmsKeyId"):
            # The call succeeds and the instance ends in `terminated` with this reason, which the provider reports.
            refuse_unusable_key(call, wanted["kmsKeyId"], "Client.InvalidKMSKey.InvalidState")
        chosen = {
            "deviceName": image["rootDeviceName"],
            "encrypted": False,
            "iops": default_iops(kind, size),
            "kmsKeyId": "",
            "tagsAll": wanted.get("tags", {}),
            "throughput": 125 if kind == "gp3" else 0,
            "volumeId": new_id(call, "vol"),
            "volumeSize": size,
            "volumeType": kind,
        }
        return {**chosen, **wanted}

    def _defaults(self, inputs: Properties) -> Properties:
        """What AWS sets when the program does not say it."""
        return {
            "disableApiStop": inputs.get("disableApiStop", False),
            "disableApiTermination": inputs.get("disableApiTermination", False),
            "ebsOptimized": inputs.get("ebsOptimized", False),
            "instanceInitiatedShutdownBehavior": inputs.get("instanceInitiatedShutdownBehavior", "stop"),
            "instanceLifecycle": "",
            "instanceState": "running",
            "maintenanceOptions": {"autoRecovery": "default"} | inputs.get("maintenanceOptions", {}),
            "metadataOptions": METADATA | inputs.get("metadataOptions", {}),
            "monitoring": inputs.get("monitoring", False),
            "outpostArn": "",
            "passwordData": "",
            "spotInstanceRequestId": "",
            "tenancy": "default",
        }

    def _restart(self, call: Call, record: Record, interface: Record) -> Properties:
        if record.outputs["disableApiStop"]:
            raise CloudError(
                "OperationNotPermitted",
                f"The instance '{record.id}' may not be stopped: its 'disableApiStop' attribute is set",
                "set disableApiStop to false in an update of its own, then make this change",
            )
        if not interface.address:
            return {}
        address = public_address(call)
        call.change(interface, outputs={**interface.outputs, "publicIp": address}, address=address)
        return {"publicIp": address, "publicDns": public_dns(call, interface.outputs["vpcId"], address)}
