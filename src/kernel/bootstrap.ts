import type { Telling } from './messages';

/** The module that kernels are told through. */
const MODULE = 'jupyterlab_experiments.kernel';

/**
 * Python that leaves no name behind and never raises: it imports our package
 * or, where the kernel's environment lacks it, unpacks the part sent along.
 * `part` (base64 of a zip) and `telling` (JSON) are in its namespace.
 */
const BOOTSTRAP = `
def run():
    import importlib
    import sys
    name = "${MODULE}"
    try:
        return importlib.import_module(name).tell
    except (ImportError, AttributeError):
        if not part:
            return None
    import base64, hashlib, io, os, shutil, stat, tempfile, zipfile
    blob = base64.b64decode(part)
    uid = os.getuid() if hasattr(os, "getuid") else None
    owner = "user" if uid is None else uid
    base = os.path.join(tempfile.gettempdir(), "jupyterlab-experiments-%s" % owner)
    try:
        os.mkdir(base, 0o700)
    except FileExistsError:
        pass
    found = os.lstat(base)
    is_ours = uid is None or (found.st_uid == uid and not found.st_mode & 0o077)
    if not stat.S_ISDIR(found.st_mode) or not is_ours:
        base = tempfile.mkdtemp(prefix="jupyterlab-experiments-")
    folder = os.path.join(base, hashlib.sha256(blob).hexdigest()[:16])
    archive = zipfile.ZipFile(io.BytesIO(blob))
    names = [entry for entry in archive.namelist() if not entry.endswith("/")]
    if not os.path.isdir(folder):
        fresh = tempfile.mkdtemp(dir=base)
        archive.extractall(fresh)
        try:
            os.rename(fresh, folder)
        except OSError:
            shutil.rmtree(fresh, True)
    if not all(os.path.isfile(os.path.join(folder, entry)) for entry in names):
        archive.extractall(folder)
    for loaded in list(sys.modules):
        if loaded.split(".")[0] == "jupyterlab_experiments":
            del sys.modules[loaded]
    if folder not in sys.path:
        sys.path.append(folder)
    importlib.invalidate_caches()
    return importlib.import_module(name).tell
try:
    tell = run()
    if tell is not None:
        tell(telling)
except Exception:
    pass
`;

/** Python for a kernel that is known to have our package: one expression. */
export function tellingCode(telling: Telling): string {
  return callCode('tell', pythonText(JSON.stringify(telling)));
}

/** Python that turns autologging on or off in a kernel that has our package. */
export function autologgingCode(isOn: boolean): string {
  return callCode('set_autologging', isOn ? 'True' : 'False');
}

/**
 * Python for a kernel that may lack our package: one expression, too. The
 * part is a zip's bytes, null while it is not fetched.
 */
export function bootstrapCode(
  telling: Telling,
  part: Uint8Array | null
): string {
  const names = [
    `"part": ${pythonText(part ? base64(part) : '')}`,
    `"telling": ${pythonText(JSON.stringify(telling))}`
  ];
  return `__import__("builtins").exec(${pythonText(BOOTSTRAP)}, {${names.join(', ')}})`;
}

function callCode(name: string, argument: string): string {
  return `__import__("${MODULE}", fromlist=["${name}"]).${name}(${argument})`;
}

/** A JSON string is a Python string literal, escapes included. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** Bytes as base64; in pieces, since a call has a limited number of arguments. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  }
  return btoa(pieces.join(''));
}
