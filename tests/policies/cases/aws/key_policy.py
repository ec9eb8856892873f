"""Cases of aws-key-policy."""

from policies.rules.aws.key_policy import RULE
from tests.support.policy_cases import Cases, Change, all_of, drop, put, unknown
from tests.support.policy_samples import aws


def policy(*statements: dict[str, object]) -> Change:
    return put("policy", aws.document(aws.OWNER, *statements))


def owner(**changes: object) -> Change:
    return policy({**aws.OWNER, **changes})


def service(**condition: object) -> Change:
    return policy({**aws.LOG_SERVICE, "Condition": condition})


ELSEWHERE = {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}
KEY = "kms:EncryptionContext:aws:logs:arn"
WITHOUT_CONDITION = {name: value for name, value in aws.LOG_SERVICE.items() if name != "Condition"}

CASES = Cases(
    rule=RULE,
    good=aws.key(),
    fails={
        "no policy": drop("policy"),
        "empty policy": put("policy", ""),
        "everybody": owner(Principal="*"),
        "every AWS identity": owner(Principal={"AWS": "*"}),
        "everybody among others": owner(Principal={"AWS": [f"arn:aws:iam::{aws.ACCOUNT}:root", "*"]}),
        "everybody of an account by pattern": owner(Principal={"AWS": f"arn:aws:iam::{aws.ACCOUNT}:role/*"}),
        "every account": owner(Principal={"AWS": "arn:aws:iam::*:root"}),
        "an identity that is gone": owner(Principal={"AWS": "AIDAEXAMPLE"}),
        "another kind": owner(Principal={"CanonicalUser": aws.ACCOUNT}),
        "a federation": owner(Principal={"Federated": f"arn:aws:iam::{aws.ACCOUNT}:saml-provider/one"}),
        "service without a condition": policy(WITHOUT_CONDITION),
        "service, condition that may be missing": service(StringEqualsIfExists={KEY: aws.LOG_GROUP}),
        "service, condition on no account": service(StringEquals={"kms:ViaService": "logs.eu-central-1.amazonaws.com"}),
        "service, several values": service(ArnLike={KEY: [aws.LOG_GROUP, "arn:aws:logs:*:*:*"]}),
        "service, no values": service(ArnEquals={KEY: []}),
        "service, a longer number": service(StringEquals={KEY: "1234567890123"}),
        "service, a number cut off": service(StringEquals={KEY: "0123456789012"}),
        "another account": owner(Principal={"AWS": "arn:aws:iam::999999999999:root"}),
        "another account beside its own": owner(
            Principal={"AWS": [f"arn:aws:iam::{aws.ACCOUNT}:root", "arn:aws:iam::999999999999:root"]}
        ),
        "service, for another account": service(StringEquals={"aws:SourceAccount": "999999999999"}),
        "service, for two accounts": service(StringEquals={"aws:SourceAccount": [aws.ACCOUNT, "999999999999"]}),
        "service, tied by a tag": service(StringEquals={"aws:PrincipalTag/x": aws.ACCOUNT}),
        "service, an account somewhere in a pattern": service(ArnLike={"aws:SourceArn": f"*{aws.ACCOUNT}*"}),
        "service, an account in the name of anything": service(
            ArnLike={"aws:SourceArn": f"arn:aws:s3:::{aws.ACCOUNT}"}
        ),
        "a denial for everybody": owner(Effect="Deny", Principal="*"),
        "a denial of everything": owner(Effect="Deny", Principal="*", Action="*"),
        "a denial, its condition empty": owner(Effect="Deny", Principal="*", Condition={}),
        "a denial in capitals": owner(Effect="Deny", Principal="*", Action="KMS:Decrypt"),
        "a denial of more than its use": owner(Effect="Deny", Principal="*", Action=["ec2:*", "kms:Decrypt"]),
        "lockout": put("bypassPolicyLockoutSafetyCheck", True),
        "lockout, policy unknown": all_of(put("bypassPolicyLockoutSafetyCheck", True), unknown("policy")),
        "one statement alone": put("policy", aws.document().replace("[]", '{"Effect": "Allow", "Principal": "*"}')),
        "all but": owner(NotPrincipal={"AWS": "*"}),
        "element in another case": owner(principal="*"),
        "no effect": owner(Effect="allow"),
        "no JSON": put("policy", "{"),
        "no object": put("policy", "[]"),
        "no statements": put("policy", "{}"),
        "statements of an odd shape": put("policy", '{"Statement": "Allow"}'),
        "a statement of an odd shape": put("policy", '{"Statement": ["Allow"]}'),
        "a condition of an odd shape": policy({**aws.LOG_SERVICE, "Condition": "never"}),
        "a condition with odd tests": service(StringEquals=aws.ACCOUNT),
        "a condition with odd values": service(StringEquals={KEY: {"one": aws.ACCOUNT}}),
        "a principal of an odd shape": owner(Principal={"AWS": [1]}),
        "one principal of an odd shape": owner(Principal={"AWS": [aws.ACCOUNT, 1]}),
        "of an odd shape": put("policy", {"Statement": []}),
    },
    passes={
        "the account alone": policy(),
        "one statement alone": put(
            "policy",
            aws.document().replace("[]", f'{{"Effect": "Allow", "Principal": {{"AWS": "{aws.ACCOUNT}"}}}}'),
        ),
        "a denial for everybody in other regions": owner(Effect="Deny", Principal="*", Condition=ELSEWHERE),
        "a denial of something else": owner(Effect="Deny", Principal="*", Action=["ec2:*", "s3:kms:*"]),
        "service, by the caller's account": service(StringEquals={"kms:CallerAccount": aws.ACCOUNT}),
        "service, by what it acts for": service(ArnLike={"aws:SourceArn": f"arn:aws:ec2:*:{aws.ACCOUNT}:instance/*"}),
        "service, by account": service(StringEquals={"aws:SourceAccount": aws.ACCOUNT}),
        "service, by pattern in an account": service(ArnLike={KEY: f"arn:aws:logs:*:{aws.ACCOUNT}:*"}),
        "service, by one of two": service(StringEquals={"aws:Via": "x"}, ArnEquals={KEY: aws.LOG_GROUP}),
        "no lockout": put("bypassPolicyLockoutSafetyCheck", False),
    },
    defers={"unknown": unknown("policy")},
)
