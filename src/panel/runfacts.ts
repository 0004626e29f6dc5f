import type { Run, Tag } from '../mlflow/entities';
import { TagKeys } from '../mlflow/tags';
import { valuesOfRow } from '../runs/diff';
import type { RunPatch } from '../runtable/patch';
import { patchOf } from '../runtable/patch';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';

// The frame holds some tags under names of its own.
const TAGS_OF_FRAME: readonly (readonly [string, string])[] = [
  ['cell_id', TagKeys.cellId],
  ['notebook_id', TagKeys.notebookId],
  ['notebook_path', TagKeys.notebookPath],
  ['parent_run_id', TagKeys.parentRunId]
];

/** What the table knows of a run, until the store tells the whole. */
export function runOfTable(table: RunTable, row: number): Run {
  const values = valuesOfRow(table, row);
  const pairs = (texts: ReadonlyMap<string, string>): readonly Tag[] =>
    Array.from(texts, ([key, value]) => ({ key, value }));
  const ofFrame = TAGS_OF_FRAME.flatMap(([name, key]) => {
    const value = textAt(table.columns.get(name), row);
    return value === null || values.tags.has(key) ? [] : [{ key, value }];
  });
  return {
    ...frameOfTable(table, row),
    metrics: Array.from(values.metrics, ([key, value]) => ({
      key,
      value,
      step: 0,
      timestampMs: 0
    })),
    params: pairs(values.params),
    tags: [...pairs(values.tags), ...ofFrame]
  };
}

function frameOfTable(
  table: RunTable,
  row: number
): Omit<Run, 'metrics' | 'params' | 'tags'> {
  const text = (name: string): string =>
    textAt(table.columns.get(name), row) ?? '';
  const time = (name: string): number | null =>
    numberAt(table.columns.get(name), row);
  return {
    runId: text('run_id'),
    runName: text('run_name'),
    experimentId: text('experiment_id'),
    status: text('status') as Run['status'],
    startTimeMs: time('start_time'),
    endTimeMs: time('end_time'),
    userId: text('user_id'),
    lifecycleStage:
      text('lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    artifactUri: '',
    datasetInputs: [],
    modelOutputs: []
  };
}

/** A patch that brings the whole of a run, for rows that had lost it. */
export function patchOfRun(run: Run, event: RunPatch['event']): RunPatch {
  const texts = (pairs: readonly Tag[]): ReadonlyMap<string, string> =>
    new Map(pairs.map(({ key, value }) => [key, value]));
  return patchOf(run.runId, {
    event,
    runName: run.runName,
    experimentId: run.experimentId,
    status: run.status,
    userId: run.userId,
    ...(run.startTimeMs !== null && { startTimeMs: run.startTimeMs }),
    ...(run.endTimeMs !== null && { endTimeMs: run.endTimeMs }),
    metrics: new Map(
      run.metrics.map(({ key, value, step, timestampMs }) => [
        key,
        { value, step, timestampMs, points: [] }
      ])
    ),
    params: texts(run.params),
    tags: texts(run.tags)
  });
}
