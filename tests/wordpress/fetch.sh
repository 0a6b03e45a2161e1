#!/usr/bin/env bash
# Fetches what the tests' WordPress is made of into a folder: Debian's WordPress (not installed: it would bring a web
# server) and the WordPress team's SQLite driver out of the npm package that carries it. Fetches nothing twice.
set -euo pipefail
mkdir -p "${1:?usage: fetch.sh FOLDER}"
cd "$1"
PLAYGROUND=3.1.56 SHA256=7cba7021c70a824d309f8d3bcbf6f9250c44795445b5d2883baa763a63482a7c
give_up() {
    echo "WordPress cannot be fetched: $1" >&2
    exit 1
}
if ! compgen -G "wordpress_*.deb" >/dev/null; then
    get=(apt-get download -qq -o APT::Sandbox::User=root wordpress wordpress-theme-twentytwentythree php-getid3)
    "${get[@]}" 2>/dev/null || { apt-get update -qq && "${get[@]}"; } >apt.log 2>&1 ||
        give_up "Debian's packages do not answer ($(tail -1 apt.log))"
fi
if ! test -e sqlite-database-integration.zip; then
    command -v npm >/dev/null || give_up "npm is not installed: apt-get install npm"
    npm pack --loglevel=error "@wp-playground/cli@$PLAYGROUND" >npm.log 2>&1 ||
        give_up "npm's registry does not give @wp-playground/cli@$PLAYGROUND ($(grep -oEm1 'code E.*|errno .*' npm.log))"
    echo "$SHA256  wp-playground-cli-$PLAYGROUND.tgz" | sha256sum --check --quiet >/dev/null 2>&1 ||
        give_up "@wp-playground/cli@$PLAYGROUND is not the one that was tried (sha256)"
    tar -xzf "wp-playground-cli-$PLAYGROUND.tgz" --strip-components=1 package/sqlite-database-integration.zip
fi
