"""The KMS keys of an AWS site: one for volumes, protected and retained, and one for logs.

Two keys, so that the log service can use nothing that opens a volume. Losing the volume key loses every disk of the
site, which is why it outlives a destroy.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.network import log_group_name
from components.context import SiteContext
from components.options import child_options, kept_options

ROTATION_DAYS = 365
DELETION_WINDOW_DAYS = 30
"""The longest that AWS grants to change one's mind (7 to 30)."""


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """Arguments of `Keys`.

    Attributes:
        context: The site.
        account_id: The account that owns the keys.
    """

    context: SiteContext
    account_id: pulumi.Input[str]


class Keys(pulumi.ComponentResource):
    """The site's two keys, each with an alias that carries fleet and stack."""

    volume_key_arn: pulumi.Output[str]
    log_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:aws:Keys", name, None, opts)
        account = pulumi.Output.from_input(args.account_id)
        region, group = args.context.site.region or "", log_group_name(args.context)
        keep = args.context.planned.protected
        volumes = self._key(
            f"{name}-volumes",
            args.context,
            f"Redoubt: volumes of {name}",
            account.apply(volume_key_policy),
            kept_options(
                self,
                keep=keep,
                hooks=args.context.guard.volume_key(f"{name}-volumes", lambda: self._volumes(args.context)),
            ),
        )
        logs = self._key(
            f"{name}-logs",
            args.context,
            f"Redoubt: logs of {name}",
            account.apply(lambda account_id: log_key_policy(account_id, region, group)),
            child_options(self),
        )
        self.volume_key_arn, self.log_key_arn = volumes.arn, logs.arn
        self.register_outputs({"volume_key_arn": self.volume_key_arn, "log_key_arn": self.log_key_arn})

    async def _volumes(self, context: SiteContext) -> list[str]:
        """Volumes of the site's hosts that are still in the account. EC2 finds no volume by its key, but by its name."""
        named = aws.ebs.GetEbsVolumesFilterArgs(
            name="tag:Name", values=[context.physical_name(f"{context.site.name}-*")]
        )
        options = pulumi.InvokeOutputOptions(parent=self)
        return await aws.ebs.get_ebs_volumes_output(filters=[named], opts=options).ids.future() or []

    def _key(
        self,
        name: str,
        context: SiteContext,
        description: str,
        policy: pulumi.Output[str],
        opts: pulumi.ResourceOptions,
    ) -> aws.kms.Key:
        key = aws.kms.Key(
            name,
            description=description,
            enable_key_rotation=True,
            rotation_period_in_days=ROTATION_DAYS,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=policy,
            tags=context.tags(name),
            opts=opts,
        )
        aws.kms.Alias(
            name, name=f"alias/{context.physical_name(name)}", target_key_id=key.key_id, opts=child_options(self)
        )
        return key


def _owner(account_id: str) -> dict[str, object]:
    """The account itself, through IAM: without it nobody could ever administer the key."""
    return {
        "Sid": "Account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def volume_key_policy(account_id: str) -> str:
    """The policy of the volume key: EBS works through grants that the caller makes, so nobody else is named."""
    return json.dumps({"Version": "2012-10-17", "Statement": [_owner(account_id)]})


def log_key_policy(account_id: str, region: str, group: str) -> str:
    """The policy of the log key: CloudWatch Logs may use it for this one log group (CloudWatch Logs user guide)."""
    arn = f"arn:aws:logs:{region}:{account_id}:log-group:{group}"
    service = {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [_owner(account_id), service]})
