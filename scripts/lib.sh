# Shared by the scripts: environments, cached by the hash of what they are made from.
# Sourced, not run.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${JUPYTERLAB_EXPERIMENTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jupyterlab-experiments}"
PYTHON="${PYTHON:-python3}"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '\n== %s\n' "$*"; }

check_prerequisites() {
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    { echo "Python 3.10 or newer is needed; '$PYTHON' is $("$PYTHON" --version 2>&1)." >&2; exit 2; }
  command -v node >/dev/null && node -e \
    'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    { echo "Node 20.19 or newer is needed; found: $(node --version 2>/dev/null || echo none)." >&2; exit 2; }
}

# Hash of a requirements file, its lock and the interpreter.
environment_key() {
  { "$PYTHON" --version; cat "$ROOT/requirements/$1.in"; cat "$ROOT/requirements/$1.lock" 2>/dev/null; } |
    "$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])'
}

# Path of the environment NAME, made from requirements/NAME.in if it is not there yet.
# The lock holds versions for Python 3.11 and later; older ones resolve anew.
ensure_environment() {
  local name="$1" folder constraints=()
  folder="$CACHE/$name-$(environment_key "$name")"
  if [ ! -e "$folder/.complete" ]; then
    say "Making the environment '$name' (once)" >&2
    rm -rf "$folder" && mkdir -p "$CACHE"
    "$PYTHON" -m venv "$folder"
    if [ -e "$ROOT/requirements/$name.lock" ] &&
      "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      constraints=(-c "$ROOT/requirements/$name.lock")
    fi
    "$folder/bin/pip" install -q -r "$ROOT/requirements/$name.in" "${constraints[@]}" 2>"$folder.log" >&2 ||
      { tail -n 20 "$folder.log" >&2; exit 1; }
    touch "$folder/.complete"
  fi
  echo "$folder"
}

# Fills node_modules from a cache that is keyed by the lock file.
ensure_node_modules() {
  local key folder
  key="$(cat "$ROOT/package.json" "$ROOT/yarn.lock" "$ROOT/.yarnrc.yml" |
    "$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')"
  folder="$CACHE/node-$key"
  [ "$(cat "$ROOT/node_modules/.key" 2>/dev/null)" = "$key" ] && return
  if [ ! -e "$folder/.complete" ]; then
    say "Installing the front end's packages (once)"
    rm -rf "$folder" && mkdir -p "$folder"
    cp "$ROOT/package.json" "$ROOT/yarn.lock" "$ROOT/.yarnrc.yml" "$folder/"
    (cd "$folder" && jlpm install --immutable) >"$folder.log" 2>&1 ||
      { tail -n 20 "$folder.log" >&2; exit 1; }
    touch "$folder/.complete"
  fi
  rm -rf "$ROOT/node_modules"
  # Hard links: seconds instead of a minute; a copy where the cache is on another disk.
  cp -al "$folder/node_modules" "$ROOT/node_modules" 2>/dev/null ||
    { rm -rf "$ROOT/node_modules"; cp -a "$folder/node_modules" "$ROOT/node_modules"; }
  echo "$key" >"$ROOT/node_modules/.key"
}

# Builds the wheel into dist/ unless one is there that is younger than every source.
build_wheel() {
  local wheel
  wheel="$(ls -t "$ROOT"/dist/*.whl 2>/dev/null | head -n 1)"
  if [ -z "$wheel" ] || [ -n "$(find "$ROOT"/{src,style,schema,jupyter-config,jupyterlab_experiments,package.json,pyproject.toml,README.md} \
    -newer "$wheel" -type f ! -path '*/labextension/*' ! -name _version.py ! -name '*.pyc' -print -quit 2>/dev/null)" ]; then
    rm -rf "$ROOT/dist" "$ROOT/jupyterlab_experiments/labextension"
    (cd "$ROOT" && "$1/bin/python" -m build --wheel --no-isolation) >"$CACHE/wheel.log" 2>&1 ||
      { tail -n 40 "$CACHE/wheel.log" >&2; return 1; }
  fi
  ls -t "$ROOT"/dist/*.whl | head -n 1
}

# Installs the wheel into an environment that has its dependencies.
install_wheel() { "$1/bin/pip" install -q --force-reinstall --no-deps "$2" 2>/dev/null; }

# Path of a Chromium: $CHROMIUM, or one on this machine, or Debian's package where root may install it.
ensure_chromium() {
  local found
  found="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
  if [ -z "$found" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Chromium (once)" >&2
    { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji; } >"$CACHE/chromium.log" 2>&1 || true
    found="$(command -v chromium || true)"
  fi
  echo "$found"
}
