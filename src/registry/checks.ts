/**
 * What is worth knowing before a model is registered. Checks tell; none blocks.
 */
import type { Metric, Run, Tag } from '../mlflow/entities';
import { guessDirection, mainMetric } from '../runs/columns';
import { EMPTY_TABLE } from '../runtable/runtable';
import type { ModelFacts, Signature } from './mlmodel';
import type { Target } from './registerplan';

/** The version that a new one is measured against. */
export type Rival = Readonly<{
  version: string;
  isChampion: boolean;
  run: Run;
}>;

export type Check =
  | Readonly<{ kind: 'signature'; signature: Signature | null }>
  | Readonly<{ kind: 'pickle' }>
  | Readonly<{
      kind: 'metric';
      key: string;
      value: number;
      rival: Rival;
      rivalValue: number;
      /** Null: equal, or not to be compared. */
      isBetter: boolean | null;
    }>;

/** The metric that names speak for among those of one run, or null. */
export function mainMetricOf(metrics: readonly Metric[]): Metric | null {
  const keys = metrics.map(({ key }) => ({ key, count: 1 }));
  const main = mainMetric(EMPTY_TABLE, { metrics: keys, params: [], tags: [] });
  return metrics.find(metric => metric.key === main?.key) ?? null;
}

/** The version to measure against: the champion, else the last one. */
export function rivalVersionOf(target: Target | null): string | null {
  if (!target?.model) {
    return null;
  }
  const numbers = target.model.latestVersions.map(found =>
    Number(found.version)
  );
  return target.champion ?? (numbers.length ? `${Math.max(...numbers)}` : null);
}

/** The checks that can be made with what has been read so far. */
export function checksOf(options: {
  facts: ModelFacts | null;
  run: Run;
  rival: Rival | null;
}): readonly Check[] {
  const { facts, run, rival } = options;
  const checks: Check[] = [];
  if (facts) {
    checks.push({ kind: 'signature', signature: facts.signature });
  }
  if (facts?.isPickle) {
    checks.push({ kind: 'pickle' });
  }
  const metric = rival && metricCheck(run, rival);
  return metric ? [...checks, metric] : checks;
}

function metricCheck(run: Run, rival: Rival): Check | null {
  const shared = run.metrics.filter(({ key }) =>
    rival.run.metrics.some(metric => metric.key === key)
  );
  const own = mainMetricOf(shared);
  const other = rival.run.metrics.find(metric => metric.key === own?.key);
  if (!own || !other) {
    return null;
  }
  const { key, value } = own;
  const isHigher = value > other.value;
  const comparable = value > other.value || value < other.value;
  return {
    kind: 'metric',
    key,
    value,
    rival,
    rivalValue: other.value,
    isBetter: comparable
      ? isHigher === (guessDirection(key) === 'higher')
      : null
  };
}

/** Tags out of lines such as `team=vision`; lines without a key are left out. */
export function parseTags(text: string): readonly Tag[] {
  return text.split(/\r?\n/).flatMap(line => {
    const at = line.indexOf('=');
    const key = (at < 0 ? line : line.slice(0, at)).trim();
    return key ? [{ key, value: at < 0 ? '' : line.slice(at + 1).trim() }] : [];
  });
}
