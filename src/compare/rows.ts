import type { Run } from '../mlflow/entities';
import { isReservedTag } from '../mlflow/tags';
import type { ColumnChoices, Direction } from '../runs/chosen';
import { NO_CHOICES } from '../runs/chosen';
import { directionOf, isBetter, metricClass } from '../runs/columns';

/** A metric of several runs; null where one lacks it. */
export type MetricRow = Readonly<{
  key: string;
  values: readonly (number | null)[];
  direction: Direction;
  /** Indices of the runs with the best value; none where all are equal. */
  best: readonly number[];
  isEqual: boolean;
}>;

/** A param or a tag of several runs. */
export type TextRow = Readonly<{
  key: string;
  values: readonly (string | null)[];
  isEqual: boolean;
}>;

/** Several runs, key by key. */
export type Comparison = Readonly<{
  metrics: readonly MetricRow[];
  params: readonly TextRow[];
  tags: readonly TextRow[];
}>;

type Keyed<V> = readonly Readonly<{ key: string; value: V }>[];

/** Lay runs beside each other. */
export function compareRuns(
  runs: readonly Run[],
  choices: ColumnChoices = NO_CHOICES
): Comparison {
  const rank = (key: string): number =>
    key === choices.mainMetric ? -1 : metricClass(key);
  return {
    metrics: valuesByKey(runs.map(run => run.metrics))
      .map(values => metricRow(values, choices))
      .sort((a, b) => rank(a.key) - rank(b.key)),
    params: valuesByKey(runs.map(run => run.params)).map(textRow),
    tags: valuesByKey(
      runs.map(run => run.tags.filter(tag => !isReservedTag(tag.key)))
    ).map(textRow)
  };
}

/** The same, without what is equal in all runs. */
export function onlyDiffering(comparison: Comparison): Comparison {
  const differs = (row: Readonly<{ isEqual: boolean }>): boolean =>
    !row.isEqual;
  return {
    metrics: comparison.metrics.filter(differs),
    params: comparison.params.filter(differs),
    tags: comparison.tags.filter(differs)
  };
}

type Values<V> = readonly [key: string, values: readonly (V | null)[]];

function valuesByKey<V>(runs: readonly Keyed<V>[]): readonly Values<V>[] {
  const maps = runs.map(
    pairs => new Map(pairs.map(({ key, value }) => [key, value]))
  );
  const keys = new Set(maps.flatMap(map => [...map.keys()]));
  return [...keys]
    .sort()
    .map(key => [key, maps.map(map => map.get(key) ?? null)]);
}

function isEqual(values: readonly unknown[]): boolean {
  return values.every(value => Object.is(value, values[0]));
}

function textRow([key, values]: Values<string>): TextRow {
  return { key, values, isEqual: isEqual(values) };
}

function metricRow(
  [key, values]: Values<number>,
  choices: ColumnChoices
): MetricRow {
  const direction = directionOf(key, choices);
  const best = values.reduce<number | null>(
    (found, value) => better(found, value, direction),
    null
  );
  const isAllEqual = isEqual(values);
  return {
    key,
    values,
    direction,
    isEqual: isAllEqual,
    best: isAllEqual
      ? []
      : values.flatMap((value, index) =>
          value !== null && value === best ? [index] : []
        )
  };
}

function better(
  found: number | null,
  value: number | null,
  direction: Direction
): number | null {
  if (value === null || Number.isNaN(value)) {
    return found;
  }
  return found === null || isBetter(value, found, direction) ? value : found;
}
