# shellcheck shell=bash
# A Debian 12 whose systemd has booted, with two releases of the package in /root, -1 and -2. For a script to source,
# with BUILD_DIR and perhaps CACHE as its arguments; needs root, debootstrap, systemd-nspawn (systemd-container) and, the
# first time, which takes some minutes, Debian's archive. What is done is done in a copy.
build=$(cd "$1" && pwd)
cache=${2-${XDG_CACHE_HOME:-$HOME/.cache}/wxlogind-systemd}

skip() {
    echo "skipped: $*"
    exit 77
}
((EUID == 0)) || skip "only root boots a container"
for tool in debootstrap/debootstrap systemd-nspawn/systemd-container nsenter/util-linux cpack/cmake; do
    command -v "${tool%/*}" >/dev/null || skip "there is no ${tool%/*}: apt-get install ${tool#*/} (etc/install-dependencies --containers)"
done

work=$(mktemp -d)
root=$work/root
container=
# shellcheck disable=SC2034
not_shown= # what this machine has no means for
load=
leave() {
    # A shutdown stops it, and then it would be waited for without an end.
    [[ -z $load ]] || pkill -TERM -P "$load" || true
    if [[ -n $container ]]; then
        kill -TERM "$container" 2>/dev/null || true
        wait "$container" 2>/dev/null || true
    fi
    rm -rf --one-file-system "$work"
}
trap leave EXIT

say() { printf '%s %s\n' "--" "$*"; }
fail() {
    echo "FAILED: $*" >&2
    tail -n 20 "$work"/*.log >&2 || true
    [[ -z ${init-} ]] || journal --lines=12 >&2 || true
    exit 1
}
inside() { nsenter --target "$init" --all -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"; }
journal() { inside journalctl --no-pager --unit=wxlogind.service "$@"; }
property() { inside systemctl show --value --property="$1" wxlogind.service; }
expect() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" >/dev/null 2>&1 || fail "$what"
}
expect_not() {
    local what=$1
    shift
    ! "$@" >/dev/null 2>&1 || fail "$what"
}
within() { # SECONDS WHAT COMMAND...: until it succeeds
    local last=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < last)) || fail "$what"
        sleep 0.1
    done
}

if [[ ! -e $cache/complete ]]; then
    say "a Debian 12 with systemd, kept in $cache"
    rm -rf --one-file-system "$cache"
    mkdir -p "$cache"
    debootstrap --variant=minbase --include=systemd-sysv,dbus,curl,ca-certificates,libpq5,libsqlite3-0,libssl3 \
        bookworm "$cache/root" >"$work/debootstrap.log" 2>&1 || fail debootstrap
    touch "$cache/complete"
fi
cp --archive --reflink=auto "$cache/root" "$root"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
for release in 1 2; do
    cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/deb" -D CPACK_DEBIAN_PACKAGE_RELEASE=$release \
        >"$work/cpack.log" 2>&1 || fail "cpack"
    cp "$work"/deb/wxlogind_*-"$release"_*.deb "$root/root/wxlogind-$release.deb"
done

say "boot"
# A network of its own: 127.0.0.1 and nothing else. No machined to register with.
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 unshare --mount --propagation=private -- \
    systemd-nspawn --quiet --boot --directory="$root" --register=no --keep-unit --private-network --console=pipe \
    </dev/null >"$work/boot.log" 2>&1 &
container=$!
for ((i = 0; i < 300; i++)); do
    init=$(ps -o pid= --ppid "$container" 2>/dev/null | head -n 1 | tr -d ' ') || true
    [[ -n $init ]] && inside systemctl is-system-running --wait >/dev/null 2>&1 && break
    kill -0 "$container" 2>/dev/null || break
    sleep 0.1
done
[[ -n ${init-} && $(inside systemctl is-system-running 2>/dev/null) == running ]] ||
    skip "systemd does not boot in here: $(tail -n 1 "$work/boot.log")"
say "$(inside systemctl --version | head -n 1)"

configuration=$root/etc/wxlogind/wxlogind.toml
configure() {
    say "configure: the AppSecret, and the simulator in WeChat's place"
    inside mkdir -p /etc/wxlogind
    printf '0123456789abcdef0123456789abcdef' >"$root/etc/wxlogind/appsecret"
    chmod 600 "$root/etc/wxlogind/appsecret"
    inside systemd-run --quiet --unit=wechat wechat-sim --load-codes --rate-limit 0 --listen 127.0.0.1:9443 \
        --app wx0123456789abcdef=0123456789abcdef0123456789abcdef --ca-file /etc/wxlogind/ca.pem
    within 10 "the simulator" inside test -s /etc/wxlogind/ca.pem
    chmod 644 "$root/etc/wxlogind/ca.pem"
    sed -i -e 's|^base_url = "https://api.*|base_url = "https://localhost:9443"|' \
        -e 's|^ca_file = .*|ca_file = "/etc/wxlogind/ca.pem"|' -e 's|^drain_delay_ms = .*|drain_delay_ms = 0|' \
        -e 's|^requests_per_user = .*|requests_per_user = 0|' "$configuration"
}

# The sum over all labels, as /metrics has it.
figure() {
    inside curl --silent --fail http://127.0.0.1:8081/metrics |
        awk -v name="$1" '$1 ~ "^" name "([{]|$)" { sum += $NF } END { printf "%d", sum }'
}
bench() { inside wxlogin-bench "$@" --users 200 --sessions 50 --warm-up 0s --quiet --fail-if 'errors>0%'; }
# What runs beside a load loses no login.
under_load() { # COMMAND...
    bench returning --rate 200 --new-connections --duration 12s --users-are-there >"$work/load.log" 2>&1 &
    load=$!
    sleep 1
    "$@"
    wait "$load" || fail "logins were lost: $(grep --max-count=3 -E '^  failed:|FAILED' "$work/load.log")"
    load=
}
