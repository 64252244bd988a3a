# Processes of the cluster: each has a log, its command and its process id below $run.

ctr() { command ctr --address "$run/containerd/containerd.sock" --namespace k8s.io "$@"; }
kc() { kubectl --kubeconfig "$conf/admin.kubeconfig" "$@"; }
say() { printf '%s\n' "$*" >&2; }
die() { say "cluster: $*"; exit 1; }

# part NAME COMMAND...: starts one process in the cluster's network namespace
part() {
  local name=$1
  shift
  outside "$name" nsenter --net="/run/netns/$netns" "$@"
}

# outside NAME COMMAND...: the same in the machine's own network
outside() {
  local name=$1
  shift
  printf '%q ' "$@" >"$run/command/$name"
  start "$name"
}

# start NAME: starts a part again with the command that it had
start() {
  local name=${1:?which part} words
  eval "words=($(cat "$run/command/$name"))"
  setsid "${words[@]}" >>"$run/log/$name.log" 2>&1 </dev/null &
  echo $! >"$run/pid/$name"
}

# stop NAME: ends a part by the id that was written down
stop() {
  local id
  id=$(cat "$run/pid/${1:?which part}" 2>/dev/null) || return 0
  alive "$id" || return 0
  kill "$id" 2>/dev/null || return 0
  for _ in $(seq 50); do
    alive "$id" || return 0
    sleep 0.1
  done
  kill -KILL "$id" 2>/dev/null || true
}

# alive ID: whether the process exists and is no zombie that nobody has waited for
alive() {
  local state
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
  [ -n "$state" ] && [ "${state%% *}" != Z ]
}

await() { # SECONDS WHAT COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || die "$what did not become ready; see $run/log"
    sleep 0.3
  done
}
