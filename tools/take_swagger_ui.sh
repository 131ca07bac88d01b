#!/usr/bin/env bash
# Puts the two files of Swagger UI that the page /docs needs into a folder of the build.
#
#   tools/take_swagger_ui.sh FOLDER
#
# They come from build/web, where they are fetched once for all presets. Where they cannot be had
# that is said and no failure: FOLDER has none of them then, and the next build asks again.
set -euo pipefail
root="$(dirname "$0")/.."

rm -f "$1"/swagger-ui{.css,-bundle.js}
if package="$("$root/tools/fetch_web_packages.py" "$root/build/web")"; then
  cp "$package"/swagger-ui{.css,-bundle.js} "$1"
else
  echo "/docs will be a plain page without Swagger UI, until a build can fetch it"
fi
