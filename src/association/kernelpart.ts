import type { IConnections } from '../gateway/connections';
import type { TellWithPart } from '../kernel/bootstrap';

/**
 * What kernels are told that the server knows: our package for kernels that
 * lack it, fetched ahead, and how default experiments are named.
 */
export class KernelPart {
  constructor(
    private readonly _server: Pick<IConnections, 'kernelPart' | 'status'>
  ) {}

  /** Null while it is not fetched, or where there is no server part. */
  get tell(): TellWithPart | null {
    return this._tell;
  }

  /** `notebook`, `none`, or a template. */
  get defaultExperiment(): string {
    return this._defaultExperiment;
  }

  /** Ask how default experiments are named; without an answer, by notebook. */
  async learn(): Promise<void> {
    try {
      const { defaultExperiment } = await this._server.status();
      this._defaultExperiment = defaultExperiment;
    } catch {
      // There is no server part: the panel says so.
    }
  }

  /** Fetch the part; without the server part kernels are told without it. */
  async fetch(): Promise<void> {
    try {
      const [zip, { tellWithPart }] = await Promise.all([
        this._server.kernelPart(),
        import('../kernel/unpacking')
      ]);
      this._tell = tellWithPart(zip);
    } catch {
      // Kernels whose environment has our package need no other.
    }
  }

  private _tell: TellWithPart | null = null;
  private _defaultExperiment = 'notebook';
}
