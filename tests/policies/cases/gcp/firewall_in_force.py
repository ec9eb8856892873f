"""Cases of gcp-firewall-in-force."""

from policies.rules.gcp.firewall_in_force import RULE
from tests.support.policy_cases import Cases, drop, put, unknown
from tests.support.policy_samples import gcp

DENIAL = gcp.denial()

CASES = Cases(
    rule=RULE,
    good=gcp.allowance(),
    fails={
        "off": put("disabled", True),
        "behind the denial": put("priority", 65535.0),
        "beside the denial": put("priority", 65534.0),
        "a denial that is off": lambda _: put("disabled", True)(DENIAL),
        "a denial in front": lambda _: put("priority", 1000.0)(DENIAL),
        "a denial just in front": lambda _: put("priority", 65533.0)(DENIAL),
        "a denial in front by default": lambda _: drop("priority")(DENIAL),
        "an odd shape": put("priority", "1000"),
    },
    passes={
        "on": put("disabled", False),
        "the default": drop("priority"),
        "first of all": put("priority", 0.0),
        "just before the denial": put("priority", 65533.0),
        "a denial": lambda _: DENIAL,
        "a denial behind the usual one": lambda _: put("priority", 65535.0)(DENIAL),
    },
    defers={"priority unknown": unknown("priority"), "off or on unknown": unknown("disabled")},
)
