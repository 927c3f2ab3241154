#!/bin/sh
# Makes the virtual environment $2 with the interpreter $1, also where Debian's python3 came without its venv package.
set -eu
python=$1 venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Cần Python 3.11 trở lên; máy này có $("$python" --version 2>&1). Hãy cài bản mới hơn rồi chạy lại." >&2
    exit 1
}
rm -rf "$venv"
if "$python" -c 'import ensurepip' 2>/dev/null; then
    exec "$python" -m venv "$venv"
fi
if "$python" -c 'import pip' 2>/dev/null; then
    "$python" -m venv --without-pip "$venv"
    exec "$python" -m pip --python "$venv/bin/python" install --quiet pip
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    exec "$python" -m venv "$venv"
fi
echo "Python trên máy này thiếu mô-đun venv. Hãy chạy: sudo apt install python3-venv, rồi chạy lại lệnh này." >&2
exit 1
