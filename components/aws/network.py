"""The network of an AWS site: VPC, subnets by zone, routes, NAT where the egress is `nat`, flow logs.

It opens no port (see `firewall`) and makes no host. A sealed site's private subnets have no default route and the VPC
answers no names: names are a way out. IPv6 is never switched on.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.context import SiteContext
from components.options import child_options
from fleet.hosts import Subnet

FLOW_LOG_DAYS = 365
"""Retention of flow logs, one year (Checkov CKV_AWS_338)."""
AGGREGATION_SECONDS = 60
"""The shorter of the two intervals that AWS offers."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Arguments of `Network`.

    Attributes:
        context: The site.
        log_key_arn: KMS key that flow logs are encrypted with.
        account_id: The account, for the trust of the flow log role.
    """

    context: SiteContext
    log_key_arn: pulumi.Input[str]
    account_id: pulumi.Input[str]


class Network(pulumi.ComponentResource):
    """One VPC with everything that routes."""

    vpc_id: pulumi.Output[str]
    subnet_ids: dict[str, pulumi.Output[str]]
    """By logical name of the subnet in the plan."""
    internet_gateway: aws.ec2.InternetGateway
    """What whoever associates a public address has to wait for."""
    ways: dict[bool, list[pulumi.Resource]]
    """The routes of the public subnets (True) and of the private ones: without them the hosts there are cut off."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("redoubt:aws:Network", name, None, opts)
        self._context = args.context
        site = args.context.site
        sealed = site.egress == "sealed"
        self._vpc = aws.ec2.Vpc(
            name,
            cidr_block=site.cidr,
            enable_dns_support=not sealed,
            enable_dns_hostnames=False,
            tags=args.context.tags(name),
            opts=child_options(self),
        )
        self.vpc_id = self._vpc.id
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default",
            vpc_id=self._vpc.id,
            ingress=[],
            egress=[],
            tags=args.context.tags(f"{name}-default"),
            opts=child_options(self),
        )
        self._subnets = {subnet.name: self._subnet(subnet) for subnet in site.subnets}
        self.subnet_ids = {key: subnet.id for key, subnet in self._subnets.items()}
        self.ways = {True: [], False: []}
        self._public_routes(name)
        self._private_routes()
        self._flow_logs(name, args)
        self.register_outputs({"vpc_id": self.vpc_id, "subnet_ids": self.subnet_ids})

    def _subnet(self, subnet: Subnet) -> aws.ec2.Subnet:
        return aws.ec2.Subnet(
            subnet.name,
            vpc_id=self._vpc.id,
            cidr_block=subnet.cidr,
            availability_zone=subnet.zone,
            map_public_ip_on_launch=False,
            tags=self._context.tags(subnet.name),
            opts=child_options(self),
        )

    def _public_routes(self, name: str) -> None:
        """One table for all public subnets, with the Internet gateway as default."""
        internet = aws.ec2.InternetGateway(
            name, vpc_id=self._vpc.id, tags=self._context.tags(name), opts=child_options(self)
        )
        self.internet_gateway = internet
        table = self._route_table(f"{name}-public")
        self.ways[True].append(
            aws.ec2.Route(
                f"{name}-public-default",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=internet.id,
                opts=child_options(self),
            )
        )
        for subnet in self._context.site.subnets:
            if subnet.public:
                self._associate(subnet, table)

    def _private_routes(self) -> None:
        """One table per private subnet: its own zone's NAT gateway, or no default route at all."""
        public_by_zone = {subnet.zone: subnet for subnet in self._context.site.subnets if subnet.public}
        for subnet in self._context.site.subnets:
            if subnet.public:
                continue
            table = self._route_table(subnet.name)
            self._associate(subnet, table)
            if self._context.site.egress == "nat":
                nat = self._nat_gateway(f"{subnet.name}-nat", public_by_zone[subnet.zone])
                self.ways[False].append(
                    aws.ec2.Route(
                        f"{subnet.name}-default",
                        route_table_id=table.id,
                        destination_cidr_block="0.0.0.0/0",
                        nat_gateway_id=nat.id,
                        opts=child_options(self),
                    )
                )

    def _route_table(self, name: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(name, vpc_id=self._vpc.id, tags=self._context.tags(name), opts=child_options(self))

    def _associate(self, subnet: Subnet, table: aws.ec2.RouteTable) -> None:
        self.ways[subnet.public].append(
            aws.ec2.RouteTableAssociation(
                subnet.name,
                subnet_id=self._subnets[subnet.name].id,
                route_table_id=table.id,
                opts=child_options(self),
            )
        )

    def _nat_gateway(self, name: str, public_subnet: Subnet) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(name, domain="vpc", tags=self._context.tags(name), opts=child_options(self))
        return aws.ec2.NatGateway(
            name,
            allocation_id=address.id,
            subnet_id=self._subnets[public_subnet.name].id,
            connectivity_type="public",
            tags=self._context.tags(name),
            # AWS refuses a public NAT gateway in a VPC whose Internet gateway is not attached yet.
            opts=child_options(self, depends_on=[self.internet_gateway]),
        )

    def _flow_logs(self, name: str, args: NetworkArgs) -> None:
        """All traffic of the VPC, accepted and refused, to an encrypted log group."""
        logs = f"{name}-flow-logs"
        group = aws.cloudwatch.LogGroup(
            logs,
            name=log_group_name(args.context),
            retention_in_days=FLOW_LOG_DAYS,
            kms_key_id=args.log_key_arn,
            tags=args.context.tags(logs),
            opts=child_options(self),
        )
        role = aws.iam.Role(
            logs,
            name=args.context.physical_name(logs),
            description=f"Redoubt: VPC flow logs of {name} write to their log group",
            assume_role_policy=pulumi.Output.from_input(args.account_id).apply(flow_log_trust),
            tags=args.context.tags(logs),
            opts=child_options(self),
        )
        aws.iam.RolePolicy(
            logs,
            name="write-flow-logs",
            role=role.name,
            policy=group.arn.apply(flow_log_permissions),
            opts=child_options(self),
        )
        aws.ec2.FlowLog(
            logs,
            vpc_id=self._vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags=args.context.tags(logs),
            opts=child_options(self),
        )


def log_group_name(context: SiteContext) -> str:
    """The flow logs' group; the log key's policy admits this one name."""
    return f"/redoubt/{context.planned.fleet}-{context.planned.stack}/{context.site.name}/flow-logs"


def flow_log_trust(account_id: str) -> str:
    """Who may take the role: the flow log service, on behalf of this account alone (the confused deputy guard)."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def flow_log_permissions(group_arn: str) -> str:
    """What the role may do: write into its own log group, and find it (VPC user guide, flow logs to CloudWatch Logs).

    The guide also lists CreateLogGroup. It is left out on purpose: with it, the group would come back after a destroy.
    DescribeLogGroups only lists names, and is asked without one.
    """
    write = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        "Resource": [group_arn, f"{group_arn}:*"],
    }
    find = {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [write, find]})
