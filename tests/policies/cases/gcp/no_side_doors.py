"""Cases of gcp-no-side-doors."""

from policies.rules.gcp.no_side_doors import RULE
from tests.support.policy_cases import Cases, having
from tests.support.policy_samples import gcp

REFUSED = (
    "gcp:compute/networkPeering:NetworkPeering",
    "gcp:compute/vPNTunnel:VPNTunnel",
    "gcp:compute/haVpnGateway:HaVpnGateway",
    "gcp:compute/interconnectAttachment:InterconnectAttachment",
    "gcp:compute/forwardingRule:ForwardingRule",
    "gcp:compute/globalAddress:GlobalAddress",
    "gcp:compute/sharedVPCServiceProject:SharedVPCServiceProject",
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
    "gcp:compute/instanceFromTemplate:InstanceFromTemplate",
    "gcp:compute/regionDisk:RegionDisk",
    "gcp:networkconnectivity/spoke:Spoke",
    "gcp:servicenetworking/connection:Connection",
    "gcp:iap/tunnelDestGroup:TunnelDestGroup",
)
KNOWN = (
    gcp.ADDRESS,
    gcp.ATTACHMENT,
    gcp.DISK,
    gcp.FIREWALL,
    gcp.INSTANCE,
    gcp.NAT,
    gcp.ROUTE,
    gcp.ROUTER,
    gcp.SUBNETWORK,
    gcp.KEY,
    gcp.ACCOUNT,
    "aws:ec2/vpc:Vpc",
)

CASES = Cases(
    rule=RULE,
    good=gcp.network(),
    fails={one: having(type=one) for one in REFUSED},
    passes={one: having(type=one) for one in KNOWN},
)
