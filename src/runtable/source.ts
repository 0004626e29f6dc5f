import type { ExperimentId, MetricHistory, RunId } from '../mlflow/entities';
import type { RunTable } from './runtable';

/** Which runs a table holds. With neither, those of every experiment. */
export type RunSelection = Readonly<{
  experimentIds?: readonly ExperimentId[];
  /** Runs of this notebook in every experiment; path for runs without an id. */
  notebook?: Readonly<{ id: string; path: string }>;
  viewType?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
}>;

export type KeyCount = Readonly<{ key: string; count: number }>;

/** The keys that the selected runs bear, with the number of runs of each. */
export type RunKeys = Readonly<{
  metrics: readonly KeyCount[];
  params: readonly KeyCount[];
  tags: readonly KeyCount[];
}>;

export type TableRequest = Readonly<{
  selection: RunSelection;
  /** Beyond the frame: `metrics.<key>`, `params.<key>`, `tags.<key>`. */
  columns: readonly string[];
  /** Only what changed since; from an earlier answer. */
  cursor?: string;
}>;

export type TableAnswer = Readonly<{
  table: RunTable;
  /** Null where the source cannot tell what changed. */
  cursor: string | null;
  /** False while more pages follow. */
  isComplete: boolean;
  /** True: only what changed since the cursor that was sent. */
  isPartial?: boolean;
}>;

export type HistoryRequest = Readonly<{
  runIds: readonly RunId[];
  keys: readonly string[];
  /** At most this many points a curve. */
  maxPoints?: number;
  startStep?: number;
  endStep?: number;
}>;

/** Where frames, columns and histories come from. */
export interface IRunSource {
  /**
   * Runs newest first. `onPage` is called with the table so far while a slow
   * source is still reading; the promise gives the whole.
   */
  readTable(
    request: TableRequest,
    signal: AbortSignal,
    onPage?: (answer: TableAnswer) => void
  ): Promise<TableAnswer>;
  readKeys(selection: RunSelection, signal: AbortSignal): Promise<RunKeys>;
  readHistory(
    request: HistoryRequest,
    signal: AbortSignal
  ): Promise<readonly MetricHistory[]>;
}
