import type { Run } from '../mlflow/entities';
import type { RunTable } from '../runtable/runtable';
import { numberAt, textAt } from '../runtable/runtable';
import { isTwin } from '../runtable/twins';
import type { ColumnChoices } from './chosen';
import { NO_CHOICES } from './chosen';
import { directionOf, isBetter } from './columns';

/** What a run holds by key; the same from a table and from the store. */
export type RunValues = Readonly<{
  params: ReadonlyMap<string, string>;
  metrics: ReadonlyMap<string, number>;
  tags: ReadonlyMap<string, string>;
}>;

/** A param, or a tag, of two runs; null where one has none. */
export type TextDifference = Readonly<{
  key: string;
  before: string | null;
  after: string | null;
}>;

export type MetricDifference = Readonly<{
  key: string;
  before: number | null;
  after: number | null;
  verdict: 'better' | 'worse' | null;
}>;

/** What differs between a run and one before it. */
export type RunDifference = Readonly<{
  params: readonly TextDifference[];
  metrics: readonly MetricDifference[];
  /** Null where it is not known of both. */
  isCodeEdited: boolean | null;
  /** Null where both have the same commit, or none. */
  commit: TextDifference | null;
}>;

const CELL_HASH = 'jupyter.cell_hash';
const COMMIT = 'mlflow.source.git.commit';

/** Everything that differs, by key. */
export function diffValues(
  before: RunValues,
  after: RunValues,
  choices: ColumnChoices = NO_CHOICES
): RunDifference {
  const commit = diffTexts(before.tags, after.tags).find(
    ({ key }) => key === COMMIT
  );
  return {
    params: diffTexts(before.params, after.params),
    metrics: diffMetrics(before.metrics, after.metrics, choices),
    isCodeEdited: isEdited(before.tags, after.tags),
    commit: commit ?? null
  };
}

/** The same of two rows of a table. */
export function diffRows(
  table: RunTable,
  rows: Readonly<{ before: number; after: number }>,
  choices: ColumnChoices = NO_CHOICES
): RunDifference {
  const before = valuesOfRow(table, rows.before);
  return diffValues(before, valuesOfRow(table, rows.after), choices);
}

/** What a row of a table holds. */
export function valuesOfRow(table: RunTable, row: number): RunValues {
  const params = new Map<string, string>();
  const metrics = new Map<string, number>();
  const tags = new Map<string, string>();
  for (const [name, column] of table.columns) {
    const isShown = !isTwin(name, column);
    const [kind, key] = splitName(name);
    const number = kind === 'metrics' ? numberAt(column, row) : null;
    const text =
      kind === 'metrics' || !isShown ? null : valueText(table, name, row);
    if (number !== null) {
      metrics.set(key, number);
    } else if (text !== null) {
      (kind === 'params' ? params : tags).set(key, text);
    }
  }
  return { params, metrics, tags };
}

/** Prefix and key of a column's name; of the frame's columns no prefix. */
function splitName(name: string): readonly [string, string] {
  const dot = name.indexOf('.');
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}

/** Text of a param or a tag, or null; the frame's columns have none here. */
function valueText(table: RunTable, name: string, row: number): string | null {
  if (!name.startsWith('params.') && !name.startsWith('tags.')) {
    return null;
  }
  const column = table.columns.get(name);
  const number = numberAt(column, row);
  return textAt(column, row) ?? (number === null ? null : String(number));
}

/** What a run of the store holds. */
export function valuesOfRun(run: Run): RunValues {
  const pairs = (
    entries: readonly Readonly<{ key: string; value: string }>[]
  ): ReadonlyMap<string, string> =>
    new Map(entries.map(({ key, value }) => [key, value]));
  return {
    params: pairs(run.params),
    metrics: new Map(run.metrics.map(({ key, value }) => [key, value])),
    tags: pairs(run.tags)
  };
}

function unionOfKeys(
  a: ReadonlyMap<string, unknown>,
  b: ReadonlyMap<string, unknown>
): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}

function diffTexts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>
): readonly TextDifference[] {
  return unionOfKeys(before, after)
    .map(key => ({
      key,
      before: before.get(key) ?? null,
      after: after.get(key) ?? null
    }))
    .filter(difference => difference.before !== difference.after);
}

function diffMetrics(
  before: RunValues['metrics'],
  after: RunValues['metrics'],
  choices: ColumnChoices
): readonly MetricDifference[] {
  return unionOfKeys(before, after)
    .map(key => {
      const pair = [before.get(key) ?? null, after.get(key) ?? null] as const;
      return {
        key,
        before: pair[0],
        after: pair[1],
        verdict: verdictOf(key, pair, choices)
      };
    })
    .filter(metric => !Object.is(metric.before, metric.after));
}

function verdictOf(
  key: string,
  [before, after]: readonly [number | null, number | null],
  choices: ColumnChoices
): MetricDifference['verdict'] {
  if (before === null || after === null) {
    return null;
  }
  const direction = directionOf(key, choices);
  if (isBetter(after, before, direction)) {
    return 'better';
  }
  return isBetter(before, after, direction) ? 'worse' : null;
}

function isEdited(
  before: RunValues['tags'],
  after: RunValues['tags']
): boolean | null {
  const hashes = [before.get(CELL_HASH), after.get(CELL_HASH)];
  return hashes.includes(undefined) ? null : hashes[0] !== hashes[1];
}
