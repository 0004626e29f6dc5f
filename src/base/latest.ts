/** A question that was asked again before its answer came. */
export class Superseded extends Error {
  constructor() {
    super('A newer call has taken the place of this one.');
    this.name = 'AbortError';
  }
}

/**
 * Keeps only the newest of overlapping calls: older ones are aborted, and
 * their promises reject with `Superseded` even if they had an answer.
 */
export class Latest {
  /** Run, aborting whatever this object runs now. */
  async run<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.abort();
    const controller = new AbortController();
    this._controller = controller;
    try {
      const answer = await call(controller.signal);
      if (controller.signal.aborted) {
        throw new Superseded();
      }
      return answer;
    } catch (error) {
      throw controller.signal.aborted ? new Superseded() : error;
    } finally {
      if (this._controller === controller) {
        this._controller = null;
      }
    }
  }

  /** True while a call is under way. */
  get isRunning(): boolean {
    return this._controller !== null;
  }

  /** Abort the call under way, if any. */
  abort(): void {
    this._controller?.abort();
    this._controller = null;
  }

  private _controller: AbortController | null = null;
}

/** True for the rejection of a call that a newer one has replaced. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Superseded;
}
