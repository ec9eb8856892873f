"""The resource types that the program creates, and what they can carry.

A test compares them with the simulated providers, which know exactly these types, and with recorded programs.
"""

from typing import Final

TAGGED: Final = frozenset(
    f"aws:{one}"
    for one in (
        "cloudwatch/logGroup:LogGroup",
        "ebs/volume:Volume",
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "ec2/eip:Eip",
        "ec2/flowLog:FlowLog",
        "ec2/instance:Instance",
        "ec2/internetGateway:InternetGateway",
        "ec2/natGateway:NatGateway",
        "ec2/routeTable:RouteTable",
        "ec2/securityGroup:SecurityGroup",
        "ec2/subnet:Subnet",
        "ec2/vpc:Vpc",
        "iam/role:Role",
        "kms/key:Key",
        "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    )
)
"""Types with AWS tags."""

LABELLED: Final = frozenset(
    f"gcp:{one}"
    for one in ("compute/address:Address", "compute/disk:Disk", "compute/instance:Instance", "kms/cryptoKey:CryptoKey")
)
"""Types with GCP labels."""

NAMED: Final = frozenset(
    {
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:iam/role:Role",
        "aws:kms/alias:Alias",
        "digitalocean:index/droplet:Droplet",
        "digitalocean:index/firewall:Firewall",
        "digitalocean:index/project:Project",
        "digitalocean:index/sshKey:SshKey",
        "digitalocean:index/tag:Tag",
        "digitalocean:index/volume:Volume",
        "digitalocean:index/vpc:Vpc",
        "digitalocean:index/vpcNatGateway:VpcNatGateway",
        "gcp:compute/address:Address",
        "gcp:compute/disk:Disk",
        "gcp:compute/firewall:Firewall",
        "gcp:compute/instance:Instance",
        "gcp:compute/network:Network",
        "gcp:compute/route:Route",
        "gcp:compute/router:Router",
        "gcp:compute/routerNat:RouterNat",
        "gcp:compute/subnetwork:Subnetwork",
        "gcp:kms/cryptoKey:CryptoKey",
    }
)
"""Types whose name the whole account or project shares."""

PLAIN: Final = frozenset(
    {
        "aws:ec2/eipAssociation:EipAssociation",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/volumeAttachment:VolumeAttachment",
        "aws:iam/rolePolicy:RolePolicy",
        "digitalocean:index/projectResources:ProjectResources",
        "digitalocean:index/volumeAttachment:VolumeAttachment",
        "gcp:compute/attachedDisk:AttachedDisk",
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "gcp:kms/keyRing:KeyRing",
        "gcp:serviceaccount/account:Account",
        "command:remote:Command",
        "command:remote:CopyToRemote",
    }
)
"""The other types."""

KNOWN: Final = TAGGED | LABELLED | NAMED | PLAIN
"""Every type that the pack has rules about."""
