#!/usr/bin/env bash
# Installs the Debian packages of tools/packages.txt that are missing; with none missing it asks
# nobody and needs neither network nor root.
#
#   tools/install-dependencies.sh [--list] [run|build|test ...]
#
# Without a group: all of them. --list prints what is missing instead of installing it.
set -euo pipefail

list_file="$(dirname "$0")/packages.txt"

fail() {
  echo "install-dependencies: $*" >&2
  exit 1
}

# The packages of the given groups, one a line.
packages_of() {
  awk -v groups=" $* " '
    /^[[:space:]]*(#|$)/ { next }
    NF != 2 || $2 !~ /^(run|build|test)$/ {
      print FILENAME ":" FNR ": wants a package and a group" > "/dev/stderr"
      exit 1
    }
    index(groups, " " $2 " ") { print $1 }' "$list_file"
}

# Those of the given packages that dpkg does not know as installed.
missing_of() {
  local known
  # shellcheck disable=SC2016  # dpkg-query expands it
  local format='${db:Status-Status} ${Package}\n'
  # dpkg-query exits 1 as soon as it has never heard of one of the names; that is an answer here.
  known="$(dpkg-query --show --showformat="$format" "$@" 2>/dev/null || true)"
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(awk '$1 == "installed" { print $2 }' <<<"$known" | sort -u)
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    fail "not root, and there is no sudo. As root:" \
      "apt-get install --no-install-recommends ${missing[*]}"
  fi
}

main() {
  local only_list=false
  local groups=()
  for word in "$@"; do
    case "$word" in
      --list) only_list=true ;;
      run | build | test) groups+=("$word") ;;
      *) fail "unknown word '$word'; usage: $0 [--list] [run|build|test ...]" ;;
    esac
  done
  [ "${#groups[@]}" -gt 0 ] || groups=(run build test)

  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is not Debian; the packages that are needed stand in $list_file"
  fi

  local wanted missing
  wanted="$(packages_of "${groups[@]}")"
  # shellcheck disable=SC2086  # one word a package
  mapfile -t missing < <(missing_of $wanted)
  if "$only_list"; then
    [ "${#missing[@]}" -eq 0 ] || printf '%s\n' "${missing[@]}"
    return
  fi
  [ "${#missing[@]}" -gt 0 ] || return 0

  echo "Installing ${#missing[@]} packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update </dev/null
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null
}

main "$@"
