# The node: network namespace, containerd, kubelet and kube-proxy.

network() {
  ip netns add "$netns" || die "cannot make a network namespace here: name a cluster of yours with KUBECONFIG and LOOKOUT_TEST_CONTEXT"
  local inside="ip -n $netns"
  $inside link set lo up
  $inside link add cni0 type bridge
  $inside addr add "$node_ip/16" dev cni0
  $inside link set cni0 up
  $inside route add default via "$node_ip" dev cni0
  nsenter --net="/run/netns/$netns" sysctl -qw net.ipv4.ip_forward=1
  nsenter --net="/run/netns/$netns" sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
  mkdir -p "$conf/cni"
  cat >"$conf/cni/10-bridge.conflist" <<JSON
{"cniVersion":"1.0.0","name":"bridge","plugins":[
 {"type":"bridge","bridge":"cni0","isGateway":true,"hairpinMode":true,"ipMasq":false,
  "ipam":{"type":"host-local","dataDir":"$run/cni","ranges":[[{"subnet":"$pods","rangeStart":"10.88.1.1"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
JSON
}

# share DIRECTORY: what is mounted below it later is seen in pods too, as on a node that systemd has started
share() {
  mount --bind "$1" "$1"
  mount --make-rshared "$1"
}

worker() {
  mkdir -p "$run/containerd" "$run/kubelet"
  containerd_configuration >"$conf/containerd.toml"
  part containerd containerd --config "$conf/containerd.toml"
  await 20 containerd ctr version
  : >"$conf/resolv.conf"
  kubelet_configuration >"$conf/kubelet.yaml"
  part kubelet "$bin/kubelet" --config "$conf/kubelet.yaml" --kubeconfig "$conf/kubelet.kubeconfig" --root-dir "$run/kubelet" \
    --hostname-override "$node" --node-ip "$node_ip" --cert-dir "$run/kubelet-pki"
  part kube-proxy "$bin/kube-proxy" --kubeconfig "$conf/kube-proxy.kubeconfig" --proxy-mode iptables --cluster-cidr "$pods" \
    --hostname-override "$node" --conntrack-max-per-core 0
}

containerd_configuration() {
  cat <<TOML
version = 2
root = "$run/containerd/root"
state = "$run/containerd/state"
[grpc]
  address = "$run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "lookout.local/pause:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$conf/cni"
TOML
}

kubelet_configuration() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet-server.crt
tlsPrivateKeyFile: $pki/kubelet-server.key
containerRuntimeEndpoint: unix://$run/containerd/containerd.sock
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
clusterDNS: [$dns_ip]
clusterDomain: cluster.local
resolvConf: $conf/resolv.conf
evictionHard: {memory.available: "0%", nodefs.available: "0%", imagefs.available: "0%", nodefs.inodesFree: "0%"}
imageMinimumGCAge: 24h
imageGCHighThresholdPercent: 100
volumeStatsAggPeriod: 15s
syncFrequency: 10s
YAML
}

end_containers() {
  ctr version >/dev/null 2>&1 || return 0
  local id
  for id in $(ctr tasks list -q); do ctr tasks kill -s KILL "$id" >/dev/null 2>&1 || true; done
  for id in $(ctr containers list -q); do
    ctr tasks delete -f "$id" >/dev/null 2>&1 || true
    ctr containers delete "$id" >/dev/null 2>&1 || true
  done
}

end_shims() {
  local id
  for id in $(pgrep -f "containerd-shim.*$run/containerd/" || true); do kill -KILL "$id" 2>/dev/null || true; done
}

# end_processes: all in the network namespaces of the node and of its pods, so also what a shim has left that died before
end_processes() {
  local spaces id space
  spaces=" $(network_namespaces | xargs -r stat -L -c %d:%i 2>/dev/null | tr '\n' ' ')"
  for id in $(ls /proc | grep -E '^[0-9]+$'); do
    space=$(stat -L -c %d:%i "/proc/$id/ns/net" 2>/dev/null) || continue
    case $spaces in *" $space "*) kill -KILL "$id" 2>/dev/null || true ;; esac
  done
}

# network_namespaces: the files of those that were made for the cluster
network_namespaces() {
  local file="/run/netns/$netns"
  [ ! -e "$file" ] || echo "$file"
  awk -v prefix="$run/" '$3 == "nsfs" && index($2, prefix) == 1 {print $2}' /proc/mounts
}

unmount_below() { # PREFIX
  awk -v prefix="$1" 'index($2, prefix) == 1 {print $2}' /proc/mounts | sort -r | while read -r point; do
    umount -l "$point" 2>/dev/null || true
  done
}
