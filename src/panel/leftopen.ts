import type { RunId } from '../mlflow/entities';
import { TagKeys, tagValue } from '../mlflow/tags';
import { textAt } from '../runtable/runtable';
import type { PanelModel } from './model';

const MOST_ASKED = 20;

/** RUNNING runs whose kernel has ended. */
export class LeftOpen {
  /** `kernelIds` gives the kernels that run now; `onChanged` says more is known. */
  constructor(
    private readonly _panel: PanelModel,
    private readonly _kernelIds: () => ReadonlySet<string> | null,
    private readonly _onChanged: () => void
  ) {}

  has(runId: RunId): boolean {
    const kernelId = this._kernels.get(runId);
    const running = this._kernelIds();
    return Boolean(kernelId && running && !running.has(kernelId));
  }

  /** Among the runs of the table. */
  runIds(): readonly RunId[] {
    return this._running().filter(runId => this.has(runId));
  }

  /** Find out which kernels made the running runs. */
  async look(): Promise<void> {
    const { session } = this._panel;
    const unknown = this._running().filter(runId => !this._kernels.has(runId));
    if (!session || unknown.length === 0) {
      return;
    }
    for (const runId of unknown.slice(0, MOST_ASKED)) {
      this._kernels.set(runId, null);
      try {
        const run = await session.client.getRun(runId);
        this._kernels.set(runId, tagValue(run.tags, TagKeys.kernelId));
      } catch (error) {
        console.warn('experiments: a running run is not at hand', error);
      }
    }
    this._onChanged();
  }

  private _running(): readonly RunId[] {
    const { table } = this._panel.runs;
    const status = table.columns.get('status');
    const kernels = table.columns.get(`tags.${TagKeys.kernelId}`);
    const found: RunId[] = [];
    for (const [runId, row] of table.rows) {
      if (textAt(status, row) === 'RUNNING') {
        found.push(runId);
        const kernelId = textAt(kernels, row);
        if (kernelId !== null) {
          this._kernels.set(runId, kernelId);
        }
      }
    }
    return found;
  }

  private readonly _kernels = new Map<RunId, string | null>();
}
