"""The checks of `digitalocean`. Prowler 5.40 has none.

Ids and what they want: bridgecrewio/checkov, checkov/terraform/checks/resource/digitalocean, and aquasecurity/trivy-checks,
checks/cloud/digitalocean. Trivy's older names begin with `AVD-`.
"""

from typing import Final

from policies.coverage import Check

_DROPLET: Final = frozenset({"digitalocean:index/droplet:Droplet"})
_FIREWALL: Final = frozenset({"digitalocean:index/firewall:Firewall"})
_BUCKET: Final = frozenset({"digitalocean:index/spacesBucket:SpacesBucket"})
_OBJECTS: Final = _BUCKET | {"digitalocean:index/spacesBucketObject:SpacesBucketObject"}
_BALANCER: Final = frozenset({"digitalocean:index/loadBalancer:LoadBalancer"})
_CLUSTER: Final = frozenset({"digitalocean:index/kubernetesCluster:KubernetesCluster"})

CHECKS: Final[tuple[Check, ...]] = (
    Check(id="CKV_DIO_1", tool="Checkov", about="a Spaces bucket keeps versions", types=_BUCKET),
    Check(id="CKV_DIO_2", tool="Checkov", about="a droplet has an SSH key", types=_DROPLET),
    Check(id="CKV_DIO_3", tool="Checkov", about="a Spaces bucket is private", types=_BUCKET),
    Check(
        id="CKV_DIO_4",
        tool="Checkov",
        about="a firewall's first inbound rule is not open to everybody",
        types=_FIREWALL,
    ),
    Check(id="DIG-0001", tool="Trivy", about="no inbound rule is open to everybody", types=_FIREWALL),
    Check(id="DIG-0002", tool="Trivy", about="a load balancer takes HTTPS, not HTTP", types=_BALANCER),
    Check(id="DIG-0003", tool="Trivy", about="no outbound rule reaches everybody", types=_FIREWALL),
    Check(id="DIG-0004", tool="Trivy", about="a droplet has an SSH key", types=_DROPLET),
    Check(id="DIG-0005", tool="Trivy", about="a Kubernetes cluster upgrades with surge nodes", types=_CLUSTER),
    Check(id="DIG-0006", tool="Trivy", about="no Spaces bucket or object can be read by everybody", types=_OBJECTS),
    Check(id="DIG-0007", tool="Trivy", about="a Spaces bucket keeps versions", types=_BUCKET),
    Check(id="DIG-0008", tool="Trivy", about="a Kubernetes cluster upgrades itself", types=_CLUSTER),
    Check(id="DIG-0009", tool="Trivy", about="a Spaces bucket is not destroyed with what it holds", types=_BUCKET),
)
