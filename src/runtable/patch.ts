import type { ExperimentId, RunId, RunStatus } from '../mlflow/entities';

/** Latest value of a metric with the points since the patch before it. */
export type MetricPatch = Readonly<{
  value: number;
  step: number;
  timestampMs: number;
  /** Ascending by arrival; for the growing curve. */
  points: readonly Readonly<{ step: number; value: number }>[];
}>;

/** Where in its history a value of a metric stands. */
export type MetricPosition = Readonly<{ step: number; timestampMs: number }>;

/**
 * Does a value stand before another one? MLflow's own rule: the greatest step,
 * then the latest time, is the value of a run, whatever was written last.
 */
export function isOlder(value: MetricPosition, than: MetricPosition): boolean {
  return value.step === than.step
    ? value.timestampMs < than.timestampMs
    : value.step < than.step;
}

/** What a kernel wrote to one run; what is absent did not change. */
export type RunPatch = Readonly<{
  runId: RunId;
  event: 'created' | 'updated' | 'ended' | 'deleted' | 'restored';
  runName?: string;
  experimentId?: ExperimentId;
  status?: RunStatus;
  startTimeMs?: number;
  endTimeMs?: number;
  userId?: string;
  metrics: ReadonlyMap<string, MetricPatch>;
  params: ReadonlyMap<string, string>;
  tags: ReadonlyMap<string, string>;
  deletedTags: readonly string[];
  /** Models logged by the run since the patch before. */
  models: readonly Readonly<{ modelId: string; name: string }>[];
}>;

/** A patch that changes nothing but what is given. */
export function patchOf(runId: RunId, changes: Partial<RunPatch>): RunPatch {
  return {
    runId,
    event: 'updated',
    metrics: new Map(),
    params: new Map(),
    tags: new Map(),
    deletedTags: [],
    models: [],
    ...changes
  };
}
