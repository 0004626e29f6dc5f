import type { Metric, Run } from '../mlflow/entities';
import type { RunPatch } from '../runtable/patch';
import { isOlder } from '../runtable/patch';

type Keyed = Readonly<{ key: string; value: string }>;

/** The run after what a kernel or a page wrote to it. */
export function patchRun(run: Run, patch: RunPatch): Run {
  return {
    ...run,
    runName: patch.runName ?? run.runName,
    status: patch.status ?? run.status,
    startTimeMs: patch.startTimeMs ?? run.startTimeMs,
    endTimeMs: patch.endTimeMs ?? run.endTimeMs,
    lifecycleStage: stageAfter(run, patch),
    metrics: mergeMetrics(run.metrics, patch.metrics),
    params: merge(run.params, patch.params, []),
    tags: merge(run.tags, patch.tags, patch.deletedTags)
  };
}

/** A value that stands before the known one does not take its place. */
function mergeMetrics(
  before: readonly Metric[],
  changes: RunPatch['metrics']
): readonly Metric[] {
  const merged = new Map(before.map(metric => [metric.key, metric]));
  for (const [key, { value, step, timestampMs }] of changes) {
    const known = merged.get(key);
    if (!known || !isOlder({ step, timestampMs }, known)) {
      merged.set(key, { key, value, step, timestampMs });
    }
  }
  return [...merged.values()];
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
