import type { TellWithPart } from './bootstrap';
import { execCode } from './bootstrap';

/**
 * Python that leaves no name behind and never raises: it imports our package
 * or, where the kernel's environment lacks it, unpacks the part sent along.
 * `part` (base64 of a zip) and `telling` (JSON) are in its namespace.
 */
const BOOTSTRAP = `
def run():
    import importlib
    import sys
    name = "jupyterlab_experiments.kernel"
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

/**
 * Tells kernels with our package sent along: `part` is a zip's bytes. The
 * Python is one expression.
 */
export function tellWithPart(part: Uint8Array): TellWithPart {
  const zip = base64(part);
  return telling =>
    execCode(BOOTSTRAP, { part: zip, telling: JSON.stringify(telling) });
}

/** Bytes as base64; in pieces, since a call has a limited number of arguments. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  }
  return btoa(pieces.join(''));
}
