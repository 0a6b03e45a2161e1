#!/usr/bin/env bash
# Fetches the Nu HTML checker (vnu.jar, as the npm package vnu-jar carries it) into a folder. Fetches nothing twice.
set -euo pipefail
mkdir -p "${1:?usage: fetch.sh FOLDER}"
cd "$1"
VNU=26.9.27 SHA256=5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7
give_up() {
    echo "the HTML checker cannot be fetched: $1" >&2
    exit 1
}
test -e vnu.jar && exit
command -v npm >/dev/null || give_up "npm is not installed: apt-get install npm"
npm pack --loglevel=error "vnu-jar@$VNU" >npm.log 2>&1 ||
    give_up "npm's registry does not give vnu-jar@$VNU ($(grep -oEm1 'code E.*|errno .*' npm.log))"
echo "$SHA256  vnu-jar-$VNU.tgz" | sha256sum --check --quiet >/dev/null 2>&1 || give_up "vnu-jar@$VNU is not the one that was tried (sha256)"
tar -xzf "vnu-jar-$VNU.tgz" --strip-components=3 package/build/dist/vnu.jar
rm "vnu-jar-$VNU.tgz"
