"""The KMS keys of an AWS site: one for volumes, protected and retained, and one for logs.

Two keys, so that the log service can use nothing that opens a volume. Losing the volume key loses every disk of the
site, which is why it outlives a destroy while the site has a host that is kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.network import log_group_name
from components.context import SiteContext
from components.options import child_options, kept_options

ROTATION_DAYS = 365
DELETION_WINDOW_DAYS = 30
"""The longest that AWS grants to change one's mind (7 to 30)."""


VOLUMES = "volumes"
"""How the name of a volume key ends, after its site's and a hyphen."""
OWNER = ("redoubt:fleet", "redoubt:stack", "redoubt:site")
"""The tags that say whose a volume is."""
STATUSES = ("creating", "available", "in-use", "error")
"""States of a volume that is not gone, or going (EC2 user guide, volume lifecycle)."""


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
        keep = args.context.keeps_any()
        volumes = self._key(
            f"{name}-{VOLUMES}",
            args.context,
            f"Redoubt: volumes of {name}",
            account.apply(volume_key_policy),
            kept_options(
                self,
                keep=keep,
                hooks=args.context.guard.volume_key(),
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


async def volumes_needing(args: pulumi.ResourceHookArgs, options: pulumi.InvokeOutputOptions) -> list[str]:
    """Volumes of the key's site that are in the account, by their names and, where they were renamed, by their other tags.

    EC2 finds no volume by its key: one without any tag of ours is not seen, nor are snapshots, which need the key too.

    Raises:
        LookupError: When the key has lost the tags that say whose it is.
    """
    tags: Mapping[str, str] = (args.old_inputs or {}).get("tags") or {}
    name = tags.get("Name", "")
    if not name.endswith(args.name) or any(key not in tags for key in OWNER):
        raise LookupError("the key has no tags of this fleet in the state")
    prefix = name.removesuffix(args.name) + args.name.removesuffix(VOLUMES)
    there = aws.ebs.GetEbsVolumesFilterArgs(name="status", values=list(STATUSES))
    named = [aws.ebs.GetEbsVolumesFilterArgs(name="tag:Name", values=[f"{prefix}*"])]
    owned = [aws.ebs.GetEbsVolumesFilterArgs(name=f"tag:{key}", values=[tags[key]]) for key in OWNER]
    found = [
        await aws.ebs.get_ebs_volumes_output(filters=[there, *filters], opts=options).ids.future() or []
        for filters in (named, owned)
    ]
    return sorted({one for ids in found for one in ids})


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
