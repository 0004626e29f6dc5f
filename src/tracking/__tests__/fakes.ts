import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { vi } from 'vitest';
import { MlflowClient } from '../../mlflow/client';
import { tableOfValues } from '../../runtable/build';
import type { RunPatch } from '../../runtable/patch';
import { patchOf } from '../../runtable/patch';
import type { RunTable } from '../../runtable/runtable';
import { numberAt, textAt } from '../../runtable/runtable';
import type {
  IRunSource,
  RunSelection,
  TableAnswer
} from '../../runtable/source';
import { ColumnStore } from '../../store/columnstore';
import { NO_KEYS } from '../../store/sync';
import type { Connection, IRunView } from '../../tokens';
import { Session } from '../session';
import type { IVisibility } from '../visibility';

export const NOTEBOOK: RunSelection = {
  notebook: { id: 'n1', path: 'lab/a.ipynb' }
};

export type Row = Readonly<{
  id: string;
  status?: string;
  start?: number;
  loss?: number | null;
}>;

export function tableOfRows(rows: readonly Row[]): RunTable {
  return tableOfValues({
    run_id: rows.map(row => row.id),
    status: rows.map(row => row.status ?? 'FINISHED'),
    lifecycle_stage: rows.map(() => 'active'),
    start_time: rows.map(row => row.start ?? 0),
    end_time: rows.map(() => null),
    'metrics.loss': rows.map(row => row.loss ?? null)
  });
}

/** A store in memory; its answers can be held back and fail. */
export class FakeSource implements IRunSource {
  rows: readonly Row[] = [];
  failure: Error | null = null;
  readCount = 0;

  async readTable(): Promise<TableAnswer> {
    this.readCount += 1;
    const table = tableOfRows(this.rows);
    const { failure } = this;
    await this._gate;
    if (failure) {
      throw failure;
    }
    return { table, cursor: null, isComplete: true };
  }

  readKeys = async () => NO_KEYS;
  readHistory = async () => [];

  /** Hold answers back until the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this._gate = new Promise(resolve => (release = resolve));
    return () => {
      release();
      this._gate = null;
    };
  }

  private _gate: Promise<void> | null = null;
}

export class FakeVisibility implements IVisibility {
  isVisible = true;
  readonly changed: Signal<IVisibility, void> = new Signal<IVisibility, void>(
    this
  );

  readonly online: Signal<IVisibility, void> = new Signal<IVisibility, void>(
    this
  );

  set(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.changed.emit();
  }
}

export function connectionOf(changes: Partial<Connection> = {}): Connection {
  return {
    id: 'default',
    label: 'local · mlflow.db',
    kind: 'child',
    state: 'ready',
    storeId: 's1',
    isShared: false,
    message: null,
    sinceMs: 0,
    pageUrl: null,
    source: 'administrator',
    canRemove: false,
    scheme: 'sqlite',
    remedies: [],
    ...changes
  };
}

let count = 0;

/** A session on a fake store and a cache of its own. */
export function makeSession(
  options: Readonly<{
    connection?: Partial<Connection>;
    isConfirmed?: boolean;
    store?: ColumnStore;
  }> = {}
) {
  const source = new FakeSource();
  const visibility = new FakeVisibility();
  const store = options.store ?? new ColumnStore(`tracking-${count++}`);
  const sent: string[] = [];
  const client = new MlflowClient({
    send: async ({ path }) => {
      sent.push(path);
      if (path.endsWith('registered-models/get')) {
        const aliases = [{ alias: 'champion', version: '2' }];
        return { registered_model: { name: 'digits', aliases } };
      }
      return {
        model_versions: [
          { name: 'digits', version: '1', run_id: 'a' },
          { name: 'digits', version: '2', run_id: 'a' }
        ]
      };
    }
  });
  const state = {
    connection: connectionOf(options.connection),
    isConfirmed: options.isConfirmed ?? true,
    store
  };
  const askConnection = vi.fn(async () => undefined);
  const session = new Session({
    state,
    client,
    backgroundClient: client,
    source,
    visibility,
    trans: nullTranslator.load(''),
    artifactAddress: (runId, path) => `${runId}/${path}`,
    askConnection
  });
  return { session, source, visibility, store, state, sent, askConnection };
}

export function lossPatch(runId: string, loss: number, step = 1): RunPatch {
  const points = [{ step, value: loss }];
  const metric = { value: loss, step, timestampMs: 7, points };
  return patchOf(runId, { metrics: new Map([['loss', metric]]) });
}

export function idsOf(view: IRunView): (string | null)[] {
  return cells(view, (table, row) => textAt(table.columns.get('run_id'), row));
}

export function lossesOf(view: IRunView): (number | null)[] {
  return cells(view, (table, row) =>
    numberAt(table.columns.get('metrics.loss'), row)
  );
}

function cells<T>(
  { table }: IRunView,
  read: (table: RunTable, row: number) => T
): T[] {
  return Array.from({ length: table.rowCount }, (_, row) => read(table, row));
}
