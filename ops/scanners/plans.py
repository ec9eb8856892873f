"""Resources as Terraform plan JSON, as far as scanners read it (`terraform show -json`, format 1.2).

The providers of Pulumi that are meant here are bridges to those of Terraform: a type has one name in each, a property is
`likeThis` here and `like_this` there, a list of blocks is plural here and singular there, and a block that occurs once is
an object here and a list of one there. Both forms come from one sample, so that they cannot drift apart.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from ops.scanners.model import Form, Resource

TYPES: Final = {
    "aws:ebs/volume:Volume": "aws_ebs_volume",
    "aws:ec2/instance:Instance": "aws_instance",
    "aws:ec2/securityGroup:SecurityGroup": "aws_security_group",
    "aws:iam/role:Role": "aws_iam_role",
    "aws:iam/rolePolicy:RolePolicy": "aws_iam_role_policy",
    "aws:kms/key:Key": "aws_kms_key",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws_vpc_security_group_egress_rule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
    "digitalocean:index/droplet:Droplet": "digitalocean_droplet",
    "digitalocean:index/firewall:Firewall": "digitalocean_firewall",
    "digitalocean:index/sshKey:SshKey": "digitalocean_ssh_key",
    "gcp:compute/firewall:Firewall": "google_compute_firewall",
    "gcp:compute/instance:Instance": "google_compute_instance",
    "gcp:kms/cryptoKey:CryptoKey": "google_kms_crypto_key",
    "gcp:serviceaccount/account:Account": "google_service_account",
}
SOURCES: Final = (
    "registry.terraform.io/hashicorp/aws",
    "registry.terraform.io/digitalocean/digitalocean",
    "registry.terraform.io/hashicorp/google",
)
PROVIDERS: Final = {source.rpartition("/")[2]: source for source in SOURCES}
"""Where Terraform has its providers from, by the word that their types begin with."""
SINGULAR: Final = {
    "accessConfigs": "access_config",
    "allows": "allow",
    "inboundRules": "inbound_rule",
    "networkInterfaces": "network_interface",
    "outboundRules": "outbound_rule",
}
"""Properties whose name is no mere change of case."""
MAPS: Final = frozenset({"labels", "metadata", "tags"})
"""Objects that are no blocks: their keys are a user's own."""
_CAPITAL: Final = re.compile(r"(?=[A-Z])")


def plan(form: Form) -> dict[str, Any]:
    """A plan that creates these resources."""
    known = {one.key: _address(one) for one in form}
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {
            "root_module": {
                "resources": [_head(one) | {"schema_version": 1, "values": _block(one.props)} for one in form]
            }
        },
        "resource_changes": [_head(one) | {"change": _creation(one)} for one in form],
        "configuration": {
            "root_module": {
                "resources": [
                    _head(one) | {"schema_version": 1, "expressions": _expressions(one, known)} for one in form
                ]
            }
        },
    }


def _creation(one: Resource) -> dict[str, Any]:
    after = _block(one.props)
    return {
        "actions": ["create"],
        "before": None,
        "after": after,
        "after_unknown": {},
        "before_sensitive": False,
        "after_sensitive": {},
    }


def _head(one: Resource) -> dict[str, Any]:
    type_ = TYPES[one.type]
    return {
        "address": _address(one),
        "mode": "managed",
        "type": type_,
        "name": _label(one),
        "provider_name": PROVIDERS[type_.partition("_")[0]],
    }


def _address(one: Resource) -> str:
    return f"{TYPES[one.type]}.{_label(one)}"


def _label(one: Resource) -> str:
    return re.sub(r"[^a-z0-9]+", "_", one.name)


def _block(props: Mapping[str, Any]) -> dict[str, Any]:
    return {_name(key): _value(key, value) for key, value in props.items()}


def _value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return dict(mapping) if key in MAPS else [_block(mapping)]
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_block(one) if isinstance(one, Mapping) else one for one in items]
    return value


def _expressions(one: Resource, known: Mapping[str, str]) -> dict[str, Any]:
    """What each linked property refers to; a link to what is not in the form is one that Terraform could not resolve."""
    found: dict[str, Any] = {}
    for path, key in one.links.items():
        *way, last = (_name(step) for step in path.split("."))
        at = found
        for step in way:
            at = at.setdefault(step, [{}])[0]
        at[last] = {"references": [f"{known[key]}.id", known[key]]}
    return found


def _name(key: str) -> str:
    return SINGULAR.get(key) or _CAPITAL.sub("_", key).lower()
