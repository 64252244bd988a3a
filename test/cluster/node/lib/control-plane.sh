# etcd, API server, controller manager and scheduler.

control_plane() {
  part etcd etcd --data-dir "$run/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --log-level warn
  api_server
  outside api-forward python3 "$here/forward.py" 127.0.0.1 "$port" "/run/netns/$netns" 127.0.0.1 6443
  await 60 "the API server" kc get --raw /readyz
  part kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$conf/kube-controller-manager.kubeconfig" \
    --use-service-account-credentials --service-account-private-key-file "$pki/sa.key" --root-ca-file "$pki/ca.crt" \
    --cluster-signing-cert-file "$pki/ca.crt" --cluster-signing-key-file "$pki/ca.key" --leader-elect=false
  part kube-scheduler "$bin/kube-scheduler" --kubeconfig "$conf/kube-scheduler.kubeconfig" --leader-elect=false
}

# Debian's etcd is 3.4, which knows no cost estimate by size.
api_server() {
  part kube-apiserver "$bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address 0.0.0.0 --secure-port 6443 \
    --advertise-address "$node_ip" --service-cluster-ip-range "$services" --allow-privileged --authorization-mode Node,RBAC \
    --client-ca-file "$pki/ca.crt" --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
    --kubelet-client-certificate "$pki/admin.crt" --kubelet-client-key "$pki/admin.key" --kubelet-certificate-authority "$pki/ca.crt" \
    --kubelet-preferred-address-types InternalIP --enable-admission-plugins NodeRestriction --enable-aggregator-routing \
    --requestheader-client-ca-file "$pki/ca.crt" --requestheader-allowed-names front-proxy \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key" \
    --feature-gates SizeBasedListCostEstimate=false --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$pki/sa.pub" --service-account-signing-key-file "$pki/sa.key"
}
