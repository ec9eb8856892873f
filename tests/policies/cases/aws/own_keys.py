"""Cases of aws-own-keys."""

from policies.rules.aws.own_keys import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, put, unknown, without
from tests.support.policy_samples import aws

VOLUME = aws.volume()
INSTANCE = aws.instance()
LINKED = {"kmsKeyId": ("aws:kms/key:Key::s1-volumes",)}

CASES = Cases(
    rule=RULE,
    good=(aws.key("s1-volumes"), aws.key(), aws.alias(), aws.log_group(), INSTANCE, VOLUME),
    fails={
        "volume": on(VOLUME.name, having(dependencies={}), type=VOLUME.type),
        "volume by another property": on(
            VOLUME.name, having(dependencies={"size": ("aws:kms/key:Key::s1-volumes",)}), type=VOLUME.type
        ),
        "volume by what is no key": on(
            VOLUME.name, having(dependencies={"kmsKeyId": ("aws:kms/alias:Alias::s1-logs",)}), type=VOLUME.type
        ),
        "instance": on(INSTANCE.name, having(dependencies={}), type=INSTANCE.type),
        "instance by another property": on(INSTANCE.name, having(dependencies=LINKED), type=INSTANCE.type),
        "instance without a key, linked by something else": on(
            INSTANCE.name, drop("rootBlockDevice.kmsKeyId"), type=INSTANCE.type
        ),
        "volume with an empty key": on(VOLUME.name, put("kmsKeyId", ""), type=VOLUME.type),
        "volume with a literal key of somebody's, linked all the same": on(
            VOLUME.name, put("kmsKeyId", "arn:aws:kms:eu-central-1:999999999999:key/evil"), type=VOLUME.type
        ),
        "no key, and a linked one that says nothing": all_of(
            on("s1-volumes", having(outputs={})), on(VOLUME.name, drop("kmsKeyId"), type=VOLUME.type)
        ),
        "log group": on("s1-flow-logs", having(dependencies={})),
        "alias": on("s1-logs", having(dependencies={}), type="aws:kms/alias:Alias"),
        "no such key": without("s1-volumes"),
    },
    passes={
        "a key that says nothing yet": on("s1-volumes", having(outputs={})),
        "part of a property": on(
            INSTANCE.name,
            having(dependencies={"rootBlockDevice.kmsKeyId": ("aws:kms/key:Key::s1-volumes",)}),
            type=INSTANCE.type,
        ),
        "keys unknown": all_of(
            on(VOLUME.name, unknown("kmsKeyId"), type=VOLUME.type), on("s1-flow-logs", unknown("kmsKeyId"))
        ),
    },
)
