"""Log groups and flow logs (internal/service/logs/group.go, ec2/vpc_flow_log.go; see data/aws.json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from simcloud.aws.account import arn, new_id, require
from simcloud.aws.common import AwsModel
from simcloud.aws.iam import find_role_by_arn, trusts
from simcloud.aws.interfaces import require_interface
from simcloud.aws.kms import find_key, refuse_service, refuse_unusable_key
from simcloud.aws.tokens import FLOW_LOG, LOG_GROUP, SUBNET, VPC
from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Decision, Properties
from simcloud.core.naming import name_of
from simcloud.core.values import UNKNOWN
from simcloud.ledger import Record

FLOW_LOGS_SERVICE = "vpc-flow-logs.amazonaws.com"

DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
    "${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)


class LogGroup(AwsModel):
    """A log group, unique by name in account and region; its id is its name."""

    token = LOG_GROUP
    autoname = Autoname(255)
    decisions: ClassVar[Mapping[str, Decision]] = {
        # Not seen in source; PutLogGroupDeletionProtection of the CloudWatch Logs API switches it on and off in place.
        "deletionProtectionEnabled": lambda _: False,
    }

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        name = name_of(call, inputs)
        if call.get(LOG_GROUP, name):
            raise CloudError(
                "ResourceAlreadyExistsException",
                f"The specified log group already exists: {name}",
                "choose another name; a replacement with a fixed name needs delete_before_replace",
            )
        self._refuse_key(call, inputs)
        outputs = {
            "arn": arn(call, "logs", f"log-group:{name}"),
            "logGroupClass": inputs.get("logGroupClass", "STANDARD"),
            "name": name,
        }
        return Created(name, outputs)

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        self._refuse_key(call, inputs)
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; with skipDestroy the group stays."""
        if record.outputs.get("skipDestroy"):
            return False
        if record.outputs.get("deletionProtectionEnabled"):
            # The code is not known for sure; this is the one that DeleteLogGroup's documentation leaves for it.
            raise CloudError(
                "ValidationException",
                f"The log group {record.id} has deletion protection enabled",
                "set deletionProtectionEnabled to false and `pulumi up` before the deletion",
            )
        return True

    def _refuse_key(self, call: Call, inputs: Properties) -> None:
        key = inputs.get("kmsKeyId")
        if not key:
            return
        refuse_unusable_key(call, key, "InvalidParameterException")
        record = find_key(call, key)
        if record:
            refuse_service(record, f"logs.{call.region}.amazonaws.com", "AccessDeniedException")


class FlowLog(AwsModel):
    """A flow log of a VPC, subnet or interface to CloudWatch Logs. Other sources and destinations are not modelled."""

    token = FLOW_LOG
    unsupported = frozenset(
        {
            "deliverCrossAccountRole",
            "destinationOptions",
            "regionalNatGatewayId",
            "tagFieldSpecifications",
            "transitGatewayAttachmentId",
            "transitGatewayId",
        }
    )

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        if inputs.get("logDestinationType", "cloud-watch-logs") not in ("cloud-watch-logs", UNKNOWN):
            yield Failure("logDestinationType", "other than cloud-watch-logs is not simulated: leave it out")
        if "trafficType" not in inputs:
            yield Failure("trafficType", "is needed: set ACCEPT, REJECT or ALL")

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        self._require_source(call, inputs)
        self._require_destination(call, inputs)
        self._refuse_twin(call, inputs)
        flow_log_id = new_id(call, "fl")
        outputs = {
            "arn": arn(call, "ec2", f"vpc-flow-log/{flow_log_id}"),
            "logFormat": inputs.get("logFormat", DEFAULT_FORMAT),
        }
        return Created(flow_log_id, outputs)

    def _require_source(self, call: Call, inputs: Properties) -> None:
        if inputs.get("vpcId"):
            require(call, VPC, inputs["vpcId"], "InvalidVpcId.NotFound", "vpc ID")
        if inputs.get("subnetId"):
            require(call, SUBNET, inputs["subnetId"], "InvalidSubnetId.NotFound", "subnet ID")
        if inputs.get("eniId"):
            require_interface(call, inputs["eniId"])

    def _require_destination(self, call: Call, inputs: Properties) -> None:
        role = find_role_by_arn(call, inputs.get("iamRoleArn", ""))
        if role is None or not trusts(role, FLOW_LOGS_SERVICE):
            raise CloudError(
                "InvalidParameter",
                f"Unable to assume given IAM role {inputs.get('iamRoleArn', '(none)')}",
                f"set iamRoleArn to a role whose trust policy names {FLOW_LOGS_SERVICE}",
                retry=True,
            )
        groups = {group.outputs["arn"] for group in call.find(LOG_GROUP)}
        if inputs.get("logDestination", "").removesuffix(":*") not in groups:
            raise CloudError(
                "InvalidParameter",
                f"LogDestination {inputs.get('logDestination', '(none)')} is not a log group of {call.region}",
                "set logDestination to a LogGroup's arn",
            )

    def _refuse_twin(self, call: Call, inputs: Properties) -> None:
        names = ("vpcId", "subnetId", "eniId", "trafficType", "logDestination")
        for other in call.find(FLOW_LOG):
            if all((other.outputs.get(name) or None) == inputs.get(name) for name in names):
                raise CloudError(
                    "FlowLogAlreadyExists",
                    f"There is an existing Flow Log {other.id} with the same configuration and log destination",
                    "keep one for each source, traffic type and destination",
                )
