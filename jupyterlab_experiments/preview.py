"""Pure: with which type and which rights a browser may open an artifact."""

from __future__ import annotations

import os
import urllib.parse

_TEXT = (
    *("cfg", "conf", "env", "err", "ini", "jsonl", "lock", "log", "ndjson", "out", "prop", "properties"),
    *("py", "r", "rst", "scala", "sh", "sql", "toml", "txt", "xml", "yaml", "yml"),
)
_INLINE = {
    **dict.fromkeys(_TEXT, "text/plain"),
    "csv": "text/csv",
    "md": "text/markdown",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "geojson": "application/json",
    "ipynb": "application/json",
    "htm": "text/html",
    "html": "text/html",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    **{suffix: f"image/{suffix}" for suffix in ("apng", "avif", "bmp", "gif", "jpeg", "png", "webp")},
    "jpg": "image/jpeg",
    **{suffix: f"audio/{suffix}" for suffix in ("flac", "mpeg", "ogg", "wav")},
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
_TEXT_NAMES = ("MLmodel", "MLproject", "Dockerfile", "LICENSE", "README")
_OTHER = "application/octet-stream"
_NOTHING = "default-src 'none'; form-action 'none'; base-uri 'none'"
_OWN = "img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline' data:"
# Scripts of a report run, without this origin's rights and without a network to tell anything to.
_SCRIPTS = "script-src 'unsafe-inline' 'unsafe-eval' data: blob:; worker-src blob:"
_HTML = f"sandbox allow-scripts; {_NOTHING}; {_OWN}; {_SCRIPTS}"
_PICTURE = f"sandbox; {_NOTHING}; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'"
_PLAIN = f"sandbox; {_NOTHING}; {_OWN}"


def inline_type(name: str) -> str | None:
    """The type under which a browser may show a file; None for a download."""
    base = os.path.basename(name)
    if base in _TEXT_NAMES:
        return "text/plain"
    return _INLINE.get(base.rpartition(".")[2].lower()) if "." in base else None


def preview_headers(name: str) -> dict[str, str]:
    """Headers of one artifact."""
    kind = inline_type(name)
    return {
        "Content-Type": _with_charset(kind or _OTHER),
        "Content-Disposition": disposition(name, "inline" if kind else "attachment"),
        **guards(kind),
    }


def guards(kind: str | None) -> dict[str, str]:
    """What keeps an artifact from acting with the rights of the page's origin."""
    if kind == "text/html":
        policy = _HTML
    elif kind and kind.startswith(("image/", "audio/", "video/")) and kind != "image/svg+xml":
        policy = _PICTURE
    else:
        policy = _PLAIN
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-cache",
    }


def disposition(name: str, how: str) -> str:
    """Content-Disposition with a name in any script."""
    base = os.path.basename(name)
    quoted = urllib.parse.quote(base, safe="")
    return f'{how}; filename="{base}"' if quoted == base else f"{how}; filename*=utf-8''{quoted}"


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
