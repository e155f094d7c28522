#!/bin/sh
# Installs the engines that sources are tried on, where this is Debian and one may; elsewhere those tests are skipped.
packages="postgresql clickhouse-server"
for each in $packages; do
  dpkg -s "$each" >/dev/null 2>&1 || missing="$missing $each"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "not installed, so what is tried on them is skipped:$missing"
  exit 0
fi
apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing || echo "could not be installed:$missing"
