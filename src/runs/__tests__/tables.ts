import type {
  Column,
  NumberColumn,
  RunTable,
  TextColumn
} from '../../runtable/runtable';
import type { RunKeys } from '../../runtable/source';

/** One run for a test: frame columns, and metrics, params, tags by key. */
export type TestRun = Readonly<{
  id: string;
  name?: string;
  start?: number;
  end?: number;
  status?: string;
  parent?: string;
  cell?: string;
  notebook?: string;
  metrics?: Readonly<Record<string, number>>;
  params?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
}>;

export function textColumn(
  values: readonly (string | null | undefined)[]
): TextColumn {
  const words = [
    ...new Set(values.filter(v => v !== null && v !== undefined))
  ].sort() as string[];
  const encoder = new TextEncoder();
  const parts = words.map(word => encoder.encode(word));
  const offsets = new Uint32Array(words.length + 1);
  parts.forEach((part, i) => (offsets[i + 1] = offsets[i] + part.length));
  const bytes = new Uint8Array(offsets[words.length]);
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  const codeOf = new Map(words.map((word, code) => [word, code]));
  const codes = Int32Array.from(values, v => codeOf.get(v ?? '\0') ?? -1);
  return { kind: 'text', codes, bytes, offsets, sorted: true };
}

export function numberColumn(
  values: readonly (number | null | undefined)[]
): NumberColumn {
  return {
    kind: 'number',
    values: Float64Array.from(values, v => v ?? 0),
    missing: Uint8Array.from(values, v => Number(v === null || v === undefined))
  };
}

const keysOf = (
  runs: readonly TestRun[],
  part: 'metrics' | 'params' | 'tags'
): string[] => [...new Set(runs.flatMap(run => Object.keys(run[part] ?? {})))];

/** A table of runs, as the routes give it. */
export function tableOf(runs: readonly TestRun[]): RunTable {
  const columns = new Map<string, Column>([
    ['run_id', textColumn(runs.map(run => run.id))],
    ['run_name', textColumn(runs.map(run => run.name ?? run.id))],
    ['status', textColumn(runs.map(run => run.status ?? 'FINISHED'))],
    ['start_time', numberColumn(runs.map(run => run.start))],
    ['end_time', numberColumn(runs.map(run => run.end))],
    ['parent_run_id', textColumn(runs.map(run => run.parent))],
    ['cell_id', textColumn(runs.map(run => run.cell))],
    ['notebook_id', textColumn(runs.map(run => run.notebook ?? 'nb'))]
  ]);
  for (const key of keysOf(runs, 'metrics')) {
    columns.set(
      `metrics.${key}`,
      numberColumn(runs.map(run => run.metrics?.[key]))
    );
  }
  for (const part of ['params', 'tags'] as const) {
    for (const key of keysOf(runs, part)) {
      columns.set(
        `${part}.${key}`,
        textColumn(runs.map(run => run[part]?.[key]))
      );
    }
  }
  return {
    rowCount: runs.length,
    columns,
    rows: new Map(runs.map((run, row) => [run.id, row]))
  };
}

/** Keys with counts, as the routes give them. */
export function keysIn(runs: readonly TestRun[]): RunKeys {
  const count = (part: 'metrics' | 'params' | 'tags') =>
    keysOf(runs, part).map(key => ({
      key,
      count: runs.filter(run => run[part]?.[key] !== undefined).length
    }));
  return {
    metrics: count('metrics'),
    params: count('params'),
    tags: count('tags')
  };
}
