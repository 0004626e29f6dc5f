import { formatDuration, formatNumber } from '../base/format';
import type { Fields } from '../mlflow/fields';
import {
  fieldsOf,
  list,
  member,
  numberOf,
  numberOrNull,
  requiredText,
  textOrNull
} from '../mlflow/fields';
import { metricClass } from '../runs/columns';
import { markOf } from '../ui/marks';
import type { MarkStatus } from '../ui/statusmark';

/** A key and its value as text. */
export type Pair = readonly [key: string, value: string];

/** A child run on the card of its parent. */
export type RunCardChild = Readonly<{
  runId: string;
  name: string;
  mark: MarkStatus;
  metrics: readonly Pair[];
  params: readonly Pair[];
}>;

/** A run as it was when its cell ended. */
export type RunCard = Readonly<{
  runId: string;
  /** Null: the connection that is open. */
  connectionId: string | null;
  name: string;
  mark: MarkStatus;
  /** Time it took, as text; empty where it is not known. */
  took: string;
  /** Last line of the error, or null. */
  error: string | null;
  /** Those that tell most first. */
  metrics: readonly Pair[];
  params: readonly Pair[];
  hasModel: boolean;
  children: readonly RunCardChild[];
}>;

/** Decode what a notebook's output holds; null where it is not a card's. */
export function decodeRunCard(payload: unknown): RunCard | null {
  try {
    return toCard(fieldsOf(payload));
  } catch {
    // Another extension's, or of a later version.
    return null;
  }
}

function toCard(payload: Fields): RunCard {
  if (payload.version !== 1) {
    throw new Error('not a card of this version');
  }
  const modelNames = payload.model_names;
  return {
    ...toRun(payload),
    connectionId: textOrNull(payload, 'connection_id'),
    took: tookOf(payload),
    error: textOrNull(payload, 'error'),
    hasModel: Array.isArray(modelNames) && modelNames.length > 0,
    children: list(payload, 'children', toRun)
  };
}

function toRun(run: Fields): RunCardChild {
  const runId = requiredText(run, 'run_id');
  const params = member(run, 'params');
  return {
    runId,
    name: textOrNull(run, 'run_name') ?? runId,
    mark: markOf(requiredText(run, 'status')),
    metrics: metricPairs(member(run, 'metrics')),
    params: Object.keys(params).map(key => [key, textOf(params[key])])
  };
}

function tookOf(run: Fields): string {
  const start = numberOrNull(run, 'start_time');
  const end = numberOrNull(run, 'end_time');
  return start !== null && end !== null ? formatDuration(end - start) : '';
}

/** Metrics of held-back data before others, of training and machine last. */
function metricPairs(values: Fields): readonly Pair[] {
  return Object.keys(values)
    .sort((a, b) => metricClass(a) - metricClass(b))
    .map(key => [key, formatNumber(metricOf(values[key]))] as const);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') {
    throw new Error('a param that is no text');
  }
  return value;
}

function metricOf(value: unknown): number {
  const number = numberOf(value);
  if (number === null) {
    throw new Error('a metric that is no number');
  }
  return number;
}
