import { sentenceOf } from '../base/sentence';
import type { Connection, MaintenanceTask } from '../tokens';
import type { PanelModel } from './model';

const TASK_MS = 1000;
/** Answers that may stay away before a task counts as lost. */
const MOST_MISSES = 30;

/** An upgrade or a copy that was asked for here. */
export type PanelTask = MaintenanceTask &
  Readonly<{ connectionId: string; what: 'upgrade' | 'copy' }>;

type Show = (task: MaintenanceTask) => void;

/** Upgrades and copies that were asked for here, and how far they are. */
export class Maintenance {
  constructor(
    private readonly _model: Pick<PanelModel, 'tracking' | 'runs'>,
    private readonly _onChanged: () => void
  ) {}

  /** The task of a connection, or null. */
  taskOf(connectionId: string | undefined): PanelTask | null {
    return this._tasks.get(connectionId ?? '') ?? null;
  }

  /** The word of a task that has ended was read. */
  close(connectionId: string): void {
    this._tasks.delete(connectionId);
    this._onChanged();
  }

  /** Upgrade a connection's schema or copy its files; a banner shows how far it is. */
  async maintain(
    { id: connectionId }: Connection,
    what: PanelTask['what']
  ): Promise<void> {
    if (this.taskOf(connectionId)?.state === 'running') {
      return;
    }
    const show: Show = task => {
      this._tasks.set(connectionId, { ...task, connectionId, what });
      this._onChanged();
    };
    show({ state: 'running', message: '', connection: null });
    try {
      await this._work(connectionId, what, show);
    } catch (error) {
      const message = sentenceOf(error);
      show({ state: 'failed', message, connection: null });
    }
    await this._model.tracking.refresh();
    await this._model.runs.view?.refresh();
  }

  dispose(): void {
    this._isDisposed = true;
  }

  private async _work(
    connectionId: string,
    what: PanelTask['what'],
    show: Show
  ): Promise<void> {
    const desk = await this._model.tracking.desk();
    const id = await desk.maintain(connectionId, what);
    let misses = 0;
    while (!this._isDisposed) {
      try {
        const task = await desk.task(id);
        misses = 0;
        show(task);
        if (task.state !== 'running') {
          return;
        }
      } catch (error) {
        // It goes on though the Jupyter server cannot be asked for a moment.
        misses += 1;
        if (misses > MOST_MISSES) {
          throw error;
        }
      }
      await new Promise(resolve => setTimeout(resolve, TASK_MS));
    }
  }

  private _isDisposed = false;
  private readonly _tasks = new Map<string, PanelTask>();
}
