"""Cases of gcp-firewall-target."""

from policies.rules.gcp.firewall_target import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import gcp

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

CASES = Cases(
    rule=RULE,
    good=gcp.allowance(),
    fails={
        "no target": drop("targetServiceAccounts"),
        "an empty target": put("targetServiceAccounts", []),
        "a target of an odd shape": put("targetServiceAccounts", gcp.email("sentry")),
        "a target that is an object": put("targetServiceAccounts", {"email": gcp.email("sentry")}),
        "a tag": all_of(drop("targetServiceAccounts"), put("targetTags", ["redoubt-testnet-s2-public"])),
        "a tag beside it": put("targetTags", ["redoubt-testnet-s2-public"]),
        "from a tag": put("sourceTags", ["redoubt-testnet-s2-public"]),
    },
    passes={
        "a denial for all": lambda _: gcp.denial(),
        "an account that is unknown": put("targetServiceAccounts", [UNKNOWN]),
        "no tags": all_of(put("targetTags", []), put("sourceTags", [])),
    },
    defers={"targets unknown": unknown("targetServiceAccounts")},
)
