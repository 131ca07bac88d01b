#!/usr/bin/env bash
# Installs the Debian packages of tools/packages.txt that are missing; with none missing it asks
# nobody and needs neither network nor root. Of a package that would start a service only a program
# is taken, to build/programs; where that cannot be, what tests with it is skipped; in CI it fails.
#
#   tools/install-dependencies.sh [--list] [run|build|test ...]
#
# Without a group: all of them. --list prints what is missing instead of installing it.
set -euo pipefail

list_file="$(dirname "$0")/packages.txt"
programs="$(dirname "$0")/../build/programs"
apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)

fail() {
  echo "install-dependencies: $*" >&2
  exit 1
}

# The packages of the given groups, one a line, and the program where it alone is wanted.
rows_of() {
  awk -v groups=" $* " '
    /^[[:space:]]*(#|$)/ { next }
    NF != 2 || $2 !~ /^(run|build|test)(:\/.+)?$/ {
      print FILENAME ":" FNR ": wants a package and a group" > "/dev/stderr"
      exit 1
    }
    { split($2, parts, ":") }
    index(groups, " " parts[1] " ") { print $1, parts[2] }' "$list_file"
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

# Whether a program is there, installed or taken.
has_program() {
  command -v "${1##*/}" >/dev/null || [ -x "$programs/${1##*/}" ]
}

# Takes the program $2 out of the package $1, which is not installed.
take_program() {
  local folder
  folder="$(mktemp -d)"
  if (cd "$folder" && "${apt[@]}" -o APT::Sandbox::User=root download "$1" &&
    dpkg-deb -x ./*.deb tree) </dev/null; then
    mkdir -p "$programs"
    mv "$folder/tree$2" "$programs/"
  fi
  rm -rf "$folder"
  [ -x "$programs/${2##*/}" ]
}

# What apt knows may be too old, or nothing, as in a new container.
take_missing() {
  local package="$1" program="$2"
  echo "Taking $program out of $package"
  take_program "$package" "$program" && return
  if (as_root "${apt[@]}" update) </dev/null && take_program "$package" "$program"; then
    return
  fi
  [ "${CI-}" != true ] || fail "$program cannot be had"
  echo "install-dependencies: $program cannot be had; what tests with it is skipped" >&2
}

# PostgreSQL's package would make a server and start it; tests make their own (tools/postgres.sh).
# What the operator has set stays: this file is read after theirs, and gone afterwards.
install_missing() {
  local settings=/etc/postgresql-common/createcluster.d status=0
  local ours="$settings/zz-ginnel.conf"
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    as_root mkdir -p "$settings"
    echo "create_main_cluster = false" | as_root tee "$ours" >/dev/null
  fi
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null || status=$?
  [ ! -e "$ours" ] || as_root rm "$ours"
  return "$status"
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

  local rows packages=() missing=() untaken=() package program
  rows="$(rows_of "${groups[@]}")"
  while read -r package program; do
    if [ -z "$program" ]; then
      packages+=("$package")
    elif ! has_program "$program"; then
      untaken+=("$package $program")
    fi
  done <<<"$rows"
  [ "${#packages[@]}" -eq 0 ] || mapfile -t missing < <(missing_of "${packages[@]}")
  if "$only_list"; then
    printf '%s\n' "${missing[@]}" "${untaken[@]%% *}" | grep . || true
    return
  fi

  if [ "${#missing[@]}" -gt 0 ]; then
    echo "Installing ${#missing[@]} packages: ${missing[*]}"
    as_root "${apt[@]}" update </dev/null
    install_missing
  fi
  for package in "${untaken[@]}"; do
    take_missing "${package%% *}" "${package#* }"
  done
}

main "$@"
