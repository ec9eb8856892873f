"""The functions of the AWS provider that programs may invoke."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.aws import searches
from simcloud.aws.images import get_ami
from simcloud.aws.kms import get_key
from simcloud.core.model import Call, Properties
from simcloud.core.provider import Function

CALLER = "simcloud"


def get_caller_identity(call: Call, _args: Properties) -> Properties:
    """Who calls: always one user of the simulated account (sts/caller_identity_data_source.go)."""
    return {
        "accountId": call.account,
        "arn": f"arn:aws:iam::{call.account}:user/{CALLER}",
        "id": call.account,
        "userId": f"AIDA{0:017d}",
    }


FUNCTIONS: Mapping[str, Function] = {
    "aws:ebs/getEbsVolumes:getEbsVolumes": searches.VOLUMES,
    "aws:ec2/getAmi:getAmi": get_ami,
    "aws:ec2/getEips:getEips": searches.get_eips,
    "aws:ec2/getElasticIp:getElasticIp": searches.get_elastic_ip,
    "aws:ec2/getInstances:getInstances": searches.get_instances,
    "aws:ec2/getNatGateways:getNatGateways": searches.get_nat_gateways,
    "aws:ec2/getRouteTables:getRouteTables": searches.get_route_tables,
    "aws:ec2/getSecurityGroups:getSecurityGroups": searches.get_security_groups,
    "aws:ec2/getSubnets:getSubnets": searches.SUBNETS,
    "aws:ec2/getVpcs:getVpcs": searches.VPCS,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:kms/getKey:getKey": get_key,
    "aws:resourcegroupstaggingapi/getResources:getResources": searches.get_resources,
    "aws:vpc/getSecurityGroupRule:getSecurityGroupRule": searches.get_security_group_rule,
    "aws:vpc/getSecurityGroupRules:getSecurityGroupRules": searches.RULES,
}
