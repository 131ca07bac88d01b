#!/usr/bin/env bash
# Prints the files that lint has to look at, one a line: changed since LINT_BASE, or since the
# branch left origin/main, or since the commit before, with what is not committed yet. Every file
# where there is nothing to compare with: no git, a shallow clone, the first commit.
set -euo pipefail
cd "$(dirname "$0")/.."

base_of() {
  local commit main_branch
  if [ -n "${LINT_BASE-}" ]; then
    git rev-parse --verify --quiet "$LINT_BASE^{commit}" && return
    echo "changed_files: LINT_BASE=$LINT_BASE is not a commit; looking at everything" >&2
    return 1
  fi
  main_branch="$(git rev-parse --verify --quiet 'origin/main^{commit}' || true)"
  if [ -n "$main_branch" ] && [ "$main_branch" != "$(git rev-parse HEAD)" ]; then
    if commit="$(git merge-base HEAD origin/main 2>/dev/null)"; then
      echo "$commit"
      return
    fi
  fi
  git rev-parse --verify --quiet 'HEAD~1^{commit}'
}

if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  find . -type f -not -path './build/*' -printf '%P\n' | sort
elif base="$(base_of)"; then
  {
    git diff --name-only --diff-filter=d "$base" --
    git ls-files --others --exclude-standard
  } | sort -u
else
  git ls-files --cached --others --exclude-standard | sort -u
fi
