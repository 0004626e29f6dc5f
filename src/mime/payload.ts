import * as v from 'valibot';
import { formatDuration, formatNumber } from '../base/format';
import { metricClass } from '../runs/columns';
import { markOf } from '../ui/marks';
import type { MarkStatus } from '../ui/statusmark';

const number = v.union([
  v.number(),
  v.pipe(
    v.picklist(['NaN', 'Infinity', '-Infinity']),
    v.transform(name => Number(name))
  )
]);
const metrics = v.optional(v.record(v.string(), number), {});
const params = v.optional(v.record(v.string(), v.string()), {});

const schema = v.object({
  version: v.literal(1),
  connection_id: v.nullish(v.string()),
  run_id: v.string(),
  run_name: v.nullish(v.string()),
  status: v.string(),
  start_time: v.nullish(v.number()),
  end_time: v.nullish(v.number()),
  error: v.nullish(v.string()),
  metrics,
  params,
  model_names: v.optional(v.array(v.string()), []),
  children: v.optional(
    v.array(
      v.object({
        run_id: v.string(),
        run_name: v.nullish(v.string()),
        status: v.string(),
        metrics,
        params
      })
    ),
    []
  )
});

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
  const decoded = v.safeParse(schema, payload);
  return decoded.success ? toCard(decoded.output) : null;
}

type Payload = v.InferOutput<typeof schema>;

function toCard(payload: Payload): RunCard {
  return {
    runId: payload.run_id,
    connectionId: payload.connection_id ?? null,
    name: nameOf(payload),
    mark: markOf(payload.status),
    took: tookOf(payload),
    error: payload.error ?? null,
    metrics: metricPairs(payload.metrics),
    params: Object.entries(payload.params),
    hasModel: payload.model_names.length > 0,
    children: payload.children.map(child => ({
      runId: child.run_id,
      name: nameOf(child),
      mark: markOf(child.status),
      metrics: metricPairs(child.metrics),
      params: Object.entries(child.params)
    }))
  };
}

function nameOf(
  run: Readonly<{ run_id: string; run_name?: string | null }>
): string {
  return run.run_name || run.run_id;
}

function tookOf({ start_time, end_time }: Payload): string {
  return typeof start_time === 'number' && typeof end_time === 'number'
    ? formatDuration(end_time - start_time)
    : '';
}

/** Metrics of held-back data before others, of training and machine last. */
function metricPairs(
  values: Readonly<Record<string, number>>
): readonly Pair[] {
  return Object.entries(values)
    .sort(([a], [b]) => metricClass(a) - metricClass(b))
    .map(([key, value]) => [key, formatNumber(value)] as const);
}
