/** How long after a change those in a hidden page hear of it. */
const HIDDEN_MS = 50;

/**
 * Call back before the next frame is drawn, or soon where none is drawn
 * (hidden page, no browser). Returns what calls it off.
 */
export function onNextFrame(callback: () => void): () => void {
  if (typeof requestAnimationFrame === 'function' && !document.hidden) {
    const frame = requestAnimationFrame(callback);
    return () => cancelAnimationFrame(frame);
  }
  const timer = setTimeout(callback, HIDDEN_MS);
  return () => clearTimeout(timer);
}

/** Many calls before a frame are one call. */
export class FrameGate {
  constructor(private readonly _callback: () => void) {}

  /** Call back before the next frame, however often this is called. */
  request(): void {
    this._cancel ??= onNextFrame(() => {
      this._cancel = null;
      this._callback();
    });
  }

  /** Call back now if it was requested, instead of at the next frame. */
  flush(): void {
    if (this._cancel) {
      this.cancel();
      this._callback();
    }
  }

  cancel(): void {
    this._cancel?.();
    this._cancel = null;
  }

  private _cancel: (() => void) | null = null;
}
