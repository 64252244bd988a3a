# One certificate authority, and a client of it for every part.

# cert NAME SUBJECT [NAMES]: a key and a certificate of the authority
cert() {
  openssl req -newkey rsa:2048 -nodes -keyout "$pki/$1.key" -subj "$2" -out "$pki/$1.csr" 2>/dev/null
  openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 30 -out "$pki/$1.crt" \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}") 2>/dev/null
}

kubeconfig() { # NAME SERVER
  local file=$conf/$1.kubeconfig
  kubectl config --kubeconfig "$file" set-cluster "$netns" --server "$2" --certificate-authority "$pki/ca.crt" --embed-certs
  kubectl config --kubeconfig "$file" set-credentials "$1" --client-certificate "$pki/$1.crt" --client-key "$pki/$1.key" --embed-certs
  kubectl config --kubeconfig "$file" set-context "$netns" --cluster "$netns" --user "$1"
  kubectl config --kubeconfig "$file" use-context "$netns"
} >/dev/null

identities() {
  mkdir -p "$pki" "$conf"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout "$pki/ca.key" -out "$pki/ca.crt" -subj /CN=lookout-cluster-ca 2>/dev/null
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2>/dev/null
  local names=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,IP:127.0.0.1
  cert apiserver /CN=kube-apiserver "$names,IP:$node_ip,IP:$api_ip"
  cert kubelet-server "/CN=$node" "DNS:$node,IP:$node_ip"
  cert admin /O=system:masters/CN=admin
  cert kube-controller-manager /CN=system:kube-controller-manager
  cert kube-scheduler /CN=system:kube-scheduler
  cert kube-proxy /CN=system:kube-proxy
  cert kubelet "/O=system:nodes/CN=system:node:$node"
  cert front-proxy /CN=front-proxy
  kubeconfig admin "https://127.0.0.1:$port"
  local part
  for part in kube-controller-manager kube-scheduler kube-proxy kubelet; do kubeconfig "$part" "https://127.0.0.1:6443"; done
}
