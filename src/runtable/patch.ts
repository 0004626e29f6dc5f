import type { ExperimentId, RunId, RunStatus } from '../mlflow/entities';

/** Latest value of a metric with the points since the patch before it. */
export type MetricPatch = Readonly<{
  value: number;
  step: number;
  timestampMs: number;
  /** Ascending by arrival; for the growing curve. */
  points: readonly Readonly<{ step: number; value: number }>[];
}>;

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
