import type { Run, RunId } from '../mlflow/entities';
import type { RunPatch } from '../runtable/patch';

type Keyed = Readonly<{ key: string; value: string }>;

/** The run after what a kernel or a page wrote to it. */
export function patchRun(run: Run, patch: RunPatch): Run {
  const metrics = run.metrics.filter(({ key }) => !patch.metrics.has(key));
  for (const [key, { value, step, timestampMs }] of patch.metrics) {
    metrics.push({ key, value, step, timestampMs });
  }
  return {
    ...run,
    runName: patch.runName ?? run.runName,
    status: patch.status ?? run.status,
    startTimeMs: patch.startTimeMs ?? run.startTimeMs,
    endTimeMs: patch.endTimeMs ?? run.endTimeMs,
    lifecycleStage: stageAfter(run, patch),
    metrics,
    params: merge(run.params, patch.params, []),
    tags: merge(run.tags, patch.tags, patch.deletedTags)
  };
}

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

function stageAfter(run: Run, patch: RunPatch): Run['lifecycleStage'] {
  if (patch.event === 'deleted') {
    return 'deleted';
  }
  return patch.event === 'restored' ? 'active' : run.lifecycleStage;
}

function merge(
  before: readonly Keyed[],
  changes: ReadonlyMap<string, string>,
  removed: readonly string[]
): readonly Keyed[] {
  const kept = before.filter(
    ({ key }) => !changes.has(key) && !removed.includes(key)
  );
  return [...kept, ...Array.from(changes, ([key, value]) => ({ key, value }))];
}
