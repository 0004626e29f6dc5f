import type { IConnections } from '../gateway/connections';

/**
 * What kernels are told that the server knows: our package for kernels that
 * lack it, fetched ahead, and how default experiments are named.
 */
export class KernelPart {
  constructor(
    private readonly _server: Pick<IConnections, 'kernelPart' | 'status'>
  ) {}

  /** A zip; null while it is not fetched, or where there is no server part. */
  get bytes(): Uint8Array | null {
    return this._bytes;
  }

  /** `notebook`, `none`, or a template. */
  get defaultExperiment(): string {
    return this._defaultExperiment;
  }

  /** Fetch both; without the server part kernels are told without them. */
  async fetch(): Promise<void> {
    const [status, part] = await Promise.allSettled([
      this._server.status(),
      this._server.kernelPart()
    ]);
    if (status.status === 'fulfilled') {
      this._defaultExperiment = status.value.defaultExperiment;
    }
    if (part.status === 'fulfilled') {
      this._bytes = part.value;
    }
  }

  private _bytes: Uint8Array | null = null;
  private _defaultExperiment = 'notebook';
}
