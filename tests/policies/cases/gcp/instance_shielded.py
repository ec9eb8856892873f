"""Cases of gcp-instance-shielded."""

from policies.rules.gcp.instance_shielded import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.instance(),
    fails={
        "no secure boot": put("shieldedInstanceConfig.enableSecureBoot", False),
        "secure boot not said": drop("shieldedInstanceConfig.enableSecureBoot"),
        "no vTPM": put("shieldedInstanceConfig.enableVtpm", False),
        "vTPM not said": drop("shieldedInstanceConfig.enableVtpm"),
        "no integrity monitoring": put("shieldedInstanceConfig.enableIntegrityMonitoring", False),
        "nothing said": drop("shieldedInstanceConfig"),
        "an odd shape": put("shieldedInstanceConfig.enableVtpm", "true"),
    },
    defers={"secure boot unknown": unknown("shieldedInstanceConfig.enableSecureBoot")},
)
