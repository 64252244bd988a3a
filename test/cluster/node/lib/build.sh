# Programs: Debian's packages, and Kubernetes, CoreDNS and the local-path provisioner from their Go modules.

packages() {
  local wanted=() package
  for package in etcd-server containerd runc containernetworking-plugins socat conntrack busybox-static iproute2 iptables openssl python3; do
    dpkg -s "$package" >/dev/null 2>&1 || wanted+=("$package")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  say "installing ${wanted[*]}"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
}

build() {
  local stamp
  stamp=$(cat "$here"/go.{mod,sum} "$here"/cmd/*/main.go "$here/lib/build.sh" <(echo "$kubernetes $coredns $local_path") | sha256sum)
  [ "$(cat "$bin/.built" 2>/dev/null)" != "$stamp" ] || return 0
  say "building Kubernetes $kubernetes (the first time takes minutes)"
  mkdir -p "$bin"
  local minor=${kubernetes#1.} version=k8s.io/component-base/version
  local flags="-s -w -X $version.gitVersion=v$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=${minor%%.*}"
  (cd "$here" && CGO_ENABLED=0 go build -ldflags "$flags" -o "$bin/" ./cmd/...)
  GOBIN=$bin CGO_ENABLED=0 go install "github.com/coredns/coredns@$coredns"
  GOBIN=$bin CGO_ENABLED=0 go install "github.com/rancher/local-path-provisioner@$local_path"
  echo "$stamp" >"$bin/.built"
}
