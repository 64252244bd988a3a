# Container images made of programs of this machine.

# rootfs DIRECTORY PROGRAM...: the programs, the libraries they load, and the few files every image has
rootfs() {
  local directory=$1 program library
  shift
  mkdir -p "$directory"/{bin,etc/ssl/certs,tmp,usr/bin,var,home,root,run}
  chmod 1777 "$directory/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' >"$directory/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$directory/etc/group"
  cp /etc/ssl/certs/ca-certificates.crt "$directory/etc/ssl/certs/" 2>/dev/null || true
  for program; do
    cp -L "$program" "$directory/bin/"
    { ldd "$program" 2>/dev/null | grep -oE '/[^ ]+' || true; } | while read -r library; do
      mkdir -p "$directory$(dirname "$library")"
      cp -Ln "$library" "$directory$library"
    done
  done
}

# image NAME ROOTFS [ENTRYPOINT...]: an image of one layer, imported into the cluster's container runtime
image() {
  local name=$1 directory=$2 archive
  shift 2
  archive=$(mktemp)
  python3 "$here/image.py" "$archive" "$name" "$directory" "$@"
  ctr images import "$archive" >/dev/null
  rm -f "$archive"
}

# load NAME PROGRAM...: an image that holds the programs and starts the first
load() {
  local name=$1 directory
  shift
  directory=$(mktemp -d)
  rootfs "$directory" "$@"
  image "$name" "$directory" "/bin/$(basename "$1")"
  rm -rf "$directory"
}

images() {
  local directory name
  directory=$(mktemp -d)
  rootfs "$directory" /bin/busybox
  for name in $(/bin/busybox --list | grep -vx busybox); do ln -s busybox "$directory/bin/$name"; done
  image lookout.local/pause:1 "$directory" /bin/busybox sleep 2147483647
  image lookout.local/busybox:1 "$directory"
  rm -rf "$directory"
  load lookout.local/coredns:1 "$bin/coredns"
  load lookout.local/local-path-provisioner:1 "$bin/local-path-provisioner"
}

addons() {
  sed -e "s|@DNS_IP@|$dns_ip|; s|@VOLUMES@|$run/volumes|" "$here/addons.yaml" | kc apply --server-side -f - >/dev/null
  await 90 "the node" kc wait --for=condition=Ready "node/$node" --timeout=1s
  await 90 "CoreDNS" kc -n kube-system rollout status deployment/coredns --timeout=1s
  await 90 "the local-path provisioner" kc -n kube-system rollout status deployment/local-path-provisioner --timeout=1s
}
