#!/bin/sh
# Chooses versions within the bounds of pyproject.toml and pins them, with the hash of every file,
# for Linux, macOS and Windows and each Python we allow. The development lock is the runtime lock
# and more, never other versions. No address of a registry is written down.
set -eu
cd "$(dirname "$0")/.."

tool=build/lock
[ -x $tool/bin/uv ] || .venv/bin/python -m venv $tool
$tool/bin/python -m pip --quiet --disable-pip-version-check install --upgrade 'pip>=25.1'
$tool/bin/python -m pip --quiet --disable-pip-version-check install --group lock

pin() {
    output=$1; shift
    $tool/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
        --output-file "$output" pyproject.toml "$@"
}

pin requirements.lock
pin requirements-dev.lock --group dev --constraint requirements.lock
