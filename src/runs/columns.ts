import type { NumberColumn, RunTable } from '../runtable/runtable';
import type { KeyCount, RunKeys } from '../runtable/source';
import type { ColumnChoices, Direction } from './chosen';
import { NO_CHOICES } from './chosen';
import { newestFirst } from './sort';

/** A metric that is shown as a column. */
export type MetricColumn = Readonly<{
  key: string;
  direction: Direction;
  /** In how many runs of the selection it is. */
  runCount: number;
}>;

const LOWER =
  /^(loss|error|err|cost|rmse|mse|mae|mape|smape|msle|rmsle|nll|perplexity|ppl|wer|cer|brier|deviance|latency|duration|seconds|fpr|fnr)$/;
const LOWER_ENDING = /(loss|error|rmse|mape)$/;
const EVALUATED = /^(val|valid|validation|test|eval|evaluation|dev|holdout)$/;

/** Words of a key, lower case: `valLoss/top-1` is val, loss, top, 1. */
export function keyWords(key: string): readonly string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
}

/** Direction of a metric, guessed from its name. */
export function guessDirection(key: string): Direction {
  const words = keyWords(key);
  const isNegated = words[0] === 'neg' || words[0] === 'negative';
  const isLower = words.some(
    word => LOWER.test(word) || LOWER_ENDING.test(word)
  );
  return isLower && !isNegated ? 'lower' : 'higher';
}

/** 0: measured on data that was held back; 1: others; 2: of training or machine. */
export function metricClass(key: string): 0 | 1 | 2 {
  if (/^(training_|train_|train\/|system\/)/.test(key)) {
    return 2;
  }
  return keyWords(key).some(word => EVALUATED.test(word)) ? 0 : 1;
}

/** The metric of the first column: the choice, else the one names speak for. */
export function mainMetric(
  table: RunTable,
  keys: RunKeys,
  choices: ColumnChoices = NO_CHOICES
): MetricColumn | null {
  const chosen = chosenMetric(keys, choices, choices.mainMetric);
  return chosen ?? nextMetric(table, metricKeys(table, keys), choices);
}

/** The metric of the second column: the choice, else the next after the first. */
export function secondMetric(
  table: RunTable,
  keys: RunKeys,
  choices: ColumnChoices = NO_CHOICES
): MetricColumn | null {
  const main = mainMetric(table, keys, choices);
  const chosen = chosenMetric(keys, choices, choices.secondMetric);
  if (chosen && chosen.key !== main?.key) {
    return chosen;
  }
  const others = metricKeys(table, keys).filter(({ key }) => key !== main?.key);
  return nextMetric(table, others, choices);
}

/** Direction of a metric: turned by the user, else guessed. */
export function directionOf(key: string, choices: ColumnChoices): Direction {
  return choices.directions[key] ?? guessDirection(key);
}

function chosenMetric(
  keys: RunKeys,
  choices: ColumnChoices,
  key: string | null
): MetricColumn | null {
  const found = keys.metrics.find(metric => metric.key === key);
  return found ? toColumn(found, choices) : null;
}

function toColumn(
  { key, count }: KeyCount,
  choices: ColumnChoices
): MetricColumn {
  return { key, direction: directionOf(key, choices), runCount: count };
}

/** Known keys; before they are known, those of the columns at hand. */
function metricKeys(table: RunTable, keys: RunKeys): readonly KeyCount[] {
  if (keys.metrics.length > 0) {
    return keys.metrics;
  }
  const found: KeyCount[] = [];
  for (const [name, column] of table.columns) {
    if (name.startsWith('metrics.') && column.kind === 'number') {
      found.push({
        key: name.slice('metrics.'.length),
        count: countOf(column)
      });
    }
  }
  return found;
}

function countOf(column: NumberColumn): number {
  return column.missing
    ? column.missing.reduce(
        (count, missing) => count - missing,
        column.values.length
      )
    : column.values.length;
}

function nextMetric(
  table: RunTable,
  metrics: readonly KeyCount[],
  choices: ColumnChoices
): MetricColumn | null {
  const rank = (a: KeyCount, b: KeyCount): number =>
    metricClass(a.key) - metricClass(b.key) || b.count - a.count;
  const ranked = [...metrics].sort(rank);
  const equals = ranked.filter(metric => rank(metric, ranked[0]) === 0);
  const first = equals.length > 1 ? latestOf(table, equals) : equals[0];
  return first ? toColumn(first, choices) : null;
}

/** Of equals the one that the newest run bears, then the first by name. */
function latestOf(table: RunTable, equals: readonly KeyCount[]): KeyCount {
  const order = newestFirst(table);
  const age = ({ key }: KeyCount): number => {
    const column = table.columns.get(`metrics.${key}`);
    return column?.kind === 'number'
      ? order.findIndex(row => !column.missing?.[row])
      : order.length;
  };
  const aged = equals.map(metric => ({ metric, age: age(metric) }));
  aged.sort((a, b) => a.age - b.age || (a.metric.key < b.metric.key ? -1 : 1));
  return aged[0].metric;
}

/** Is there a value, and is it not NaN? */
export function isNumberAt(column: NumberColumn, row: number): boolean {
  return !column.missing?.[row] && !Number.isNaN(column.values[row]);
}

/** Is a value better than another one? Equal ones are not. */
export function isBetter(
  value: number,
  other: number,
  direction: Direction
): boolean {
  return direction === 'lower' ? value < other : value > other;
}

/** Row of the best value among some rows, or -1. */
export function bestRow(
  column: NumberColumn | null,
  rows: Iterable<number>,
  direction: Direction
): number {
  let best = -1;
  if (!column) {
    return best;
  }
  for (const row of rows) {
    if (
      isNumberAt(column, row) &&
      (best < 0 || isBetter(column.values[row], column.values[best], direction))
    ) {
      best = row;
    }
  }
  return best;
}

/** Column of a metric, or null where the table does not hold it. */
export function metricColumnOf(
  table: RunTable,
  key: string | null | undefined
): NumberColumn | null {
  const column = table.columns.get(`metrics.${key}`);
  return column?.kind === 'number' ? column : null;
}
