# Go and kubectl: this machine's own when they are recent enough, else those of Debian's next release, unpacked beside the system.

programs=$home/programs
PATH=$programs:$PATH

tools() {
  mkdir -p "$programs"
  recent 1.25 go version || tool golang-1.26-go usr/lib/go-1.26/bin/go golang-1.26-src
  recent 1.30 kubectl version --client || tool kubectl usr/bin/kubectl
}

# recent VERSION PROGRAM ARGUMENTS...: whether the program is there and prints at least that version
recent() {
  local wanted=$1 found
  shift
  found=$("$@" 2>/dev/null | grep -oEm1 '[0-9]+\.[0-9]+' | head -1) || return 1
  [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -1)" = "$wanted" ]
}

# tool PACKAGE PROGRAM MORE...: a program of these packages
tool() {
  local package=$1 program=$2
  shift 2
  say "fetching $package of Debian's next release"
  newer_debian "$package" "$@" || die "no $(basename "$program") that is recent enough: install it, or name a cluster of yours with KUBECONFIG and LOOKOUT_TEST_CONTEXT"
  ln -sf "$home/forky/$program" "$programs/"
}

newer_debian() { "$here/../../../.ci/newer-debian" "$home/forky" "$@"; }
