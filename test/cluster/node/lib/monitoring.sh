# The monitoring programs of Debian's next release under the names that manifests use, and the real prometheus-operator.

newer=$home/forky/usr/bin

monitoring() {
  newer_debian prometheus promtool prometheus-alertmanager prometheus-node-exporter prometheus-blackbox-exporter
  load "quay.io/prometheus/prometheus:v$(version prometheus)" "$newer/prometheus" "$newer/promtool"
  alertmanager_image
  load "quay.io/prometheus/node-exporter:v$(version prometheus-node-exporter)" "$newer/prometheus-node-exporter"
  load "quay.io/prometheus/blackbox-exporter:v$(version prometheus-blackbox-exporter)" "$newer/prometheus-blackbox-exporter"
  [ -x "$bin/prometheus-config-reloader" ] || (cd "$here/operators/prometheus" && CGO_ENABLED=0 go build -ldflags "-s -w" -o "$bin/" tool)
  load "quay.io/prometheus-operator/prometheus-config-reloader:$operator" "$bin/prometheus-config-reloader"
  ctr images list -q | grep '^quay' >&2
}

# Debian's build reads its default templates from /usr/share.
alertmanager_image() {
  local directory
  directory=$(mktemp -d)
  rootfs "$directory" "$newer/prometheus-alertmanager" "$newer/amtool"
  mkdir -p "$directory/usr/share"
  cp -r "$home/forky/usr/share/prometheus" "$directory/usr/share/"
  image "quay.io/prometheus/alertmanager:v$(version prometheus-alertmanager)" "$directory" /bin/prometheus-alertmanager
  rm -rf "$directory"
}

version() { "$newer/$1" --version 2>&1 | grep -oE 'version [0-9.]+' | head -1 | cut -d' ' -f2; }

# operator: its definitions (CRDs), and one Prometheus and one Alertmanager that select everything
operator() {
  monitoring
  load "quay.io/prometheus-operator/prometheus-operator:$operator" "$bin/operator"
  local module
  module=$(cd "$here/operators/prometheus" && go list -m -f '{{.Dir}}' github.com/prometheus-operator/prometheus-operator)
  kc apply --server-side -f "$module/example/prometheus-operator-crd" >/dev/null
  kc wait --for=condition=Established crd -l '!none' --timeout=60s >/dev/null
  sed -e "s|@OPERATOR@|$operator|g; s|@PROMETHEUS@|v$(version prometheus)|g; s|@ALERTMANAGER@|v$(version prometheus-alertmanager)|g" \
    "$here/operators/prometheus/operator.yaml" | kc apply --server-side -f - >/dev/null
  await 90 "the operator" kc -n monitoring rollout status deployment/prometheus-operator --timeout=1s
  await 120 "the operator's Prometheus" kc -n monitoring rollout status statefulset/prometheus-main --timeout=1s
  await 120 "the operator's Alertmanager" kc -n monitoring rollout status statefulset/alertmanager-main --timeout=1s
}
