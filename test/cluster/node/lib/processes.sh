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
  # The lock of who starts it is not its own.
  setsid "${words[@]}" >>"$run/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(started $!)" >"$run/pid/$name"
}

# stop NAME: ends a part by the id that was written down
stop() {
  local id
  id=$(running "${1:?which part}") || return 0
  kill "$id" 2>/dev/null || return 0
  for _ in $(seq 50); do
    running "$1" >/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$id" 2>/dev/null || true
}

# running NAME: prints the id of a part that runs. An id alone does not say so: after a machine was put away
# and woken up, or just in time, it may be another process's, which must not be ended.
running() {
  local id since
  read -r id since 2>/dev/null <"$run/pid/$1" || return 1
  [ -n "$since" ] && [ "$(started "$id")" = "$since" ] && echo "$id"
}

# started ID: the clock tick since boot at which a process began (proc(5), stat, field 22); nothing if it has
# ended or is a zombie that nobody has waited for
started() {
  local fields
  fields=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
  # shellcheck disable=SC2086
  set -- $fields
  [ "${1:-Z}" = Z ] || echo "${20}"
}

# left_behind: whether parts of a cluster were started and not one of them runs; one that is just being made has none yet
left_behind() {
  local part found=1
  for part in $(ls "$run/pid" 2>/dev/null); do
    ! running "$part" >/dev/null || return 1
    found=0
  done
  return $found
}

await() { # SECONDS WHAT COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || die "$what did not become ready; see $run/log"
    sleep 0.3
  done
}
