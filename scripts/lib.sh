# Shared by the scripts here: building a preset, and a server of one's own that ends with the script. To be sourced.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server_pid=""

say() { echo "== $*"; }

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# build_preset PRESET [TARGET]: configures and builds; everything without a target.
build_preset() {
    local preset=$1 target=${2:-all}
    say "building the $preset preset (the first time takes minutes)"
    (cd "$root" && cmake --preset "$preset" >"$root/build/configure-$preset.log" 2>&1) || {
        cat "$root/build/configure-$preset.log" >&2
        fail "cmake could not configure the $preset preset"
    }
    cmake --build "$root/build/$preset" --target "$target" -j "$(nproc)" || fail "the $preset preset does not build"
}

# The functions of the examples need Pillow: Debian's belongs to Debian's own python3, which another one may hide.
prefer_python_with_pillow() {
    if ! python3 -c 'import PIL' 2>/dev/null && /usr/bin/python3 -c 'import PIL' 2>/dev/null; then
        export PATH="/usr/bin:$PATH"
    fi
}

# The folder with the JSONata reference implementation, installed on first use; fails without node, npm or a network.
jsonata_reference() {
    local folder=$root/build/jsonata-reference
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    if ! cmp -s "$root/tests/jsonata/package.json" "$folder/package.json" || [ ! -f "$folder/node_modules/jsonata/jsonata.js" ]; then
        mkdir -p "$folder"
        cp "$root/tests/jsonata/package.json" "$folder/"
        npm install --prefix "$folder" --no-audit --no-fund --no-package-lock --loglevel=error >&2 || return 1
    fi
    echo "$folder"
}

# free_port [WANTED]: WANTED when nobody listens there, else some port that is free.
free_port() {
    python3 - "${1:-0}" <<'PYTHON'
import socket, sys
for port in (int(sys.argv[1]), 0):
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(probe.getsockname()[1])
        break
PYTHON
}

# start_server BINARY LOG PORT [ARGUMENT...]: returns when it is ready; sets server_pid and endpoint.
start_server() {
    local binary=$1 log=$2 port=$3
    shift 3
    mkdir -p "$(dirname "$log")"
    "$binary" serve --listen "127.0.0.1:$port" "$@" >"$log" 2>&1 &
    server_pid=$!
    trap stop_server EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for _ in $(seq 300); do
        endpoint=$(sed -n 's/^pawl: listening on //p' "$log")
        [ -n "$endpoint" ] && return
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$log" >&2
    fail "the server did not start; its output is above"
}

stop_server() {
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=""
}
