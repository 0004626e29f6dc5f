import type { Query, RestCalls } from './calls';
import { allPages, pageOf } from './calls';
import { decodeHistoryPoint } from './decode';
import type { HistoryPoint, MetricHistory, RunId } from './entities';
import { isMissing } from './errors';
import type { Fields } from './fields';

export type HistorySearch = Readonly<{
  runIds: readonly RunId[];
  key: string;
  /** At most this many points a run, 2,500 by default. */
  maxPoints?: number;
  startStep?: number;
  endStep?: number;
}>;

const LAST_STEP = 2147483647;
const MOST_POINTS = 2500;
const MOST_RUNS = 100;

/** Curves of one metric, in the order of the run ids asked for. */
export async function searchHistory(
  calls: RestCalls,
  search: HistorySearch,
  signal?: AbortSignal
): Promise<readonly MetricHistory[]> {
  const histories: MetricHistory[] = [];
  for (let at = 0; at < search.runIds.length; at += MOST_RUNS) {
    const runIds = search.runIds.slice(at, at + MOST_RUNS);
    const some = { ...search, runIds };
    histories.push(...(await historyOfSome(calls, some, signal)));
  }
  return histories;
}

async function historyOfSome(
  calls: RestCalls,
  search: HistorySearch,
  signal?: AbortSignal
): Promise<readonly MetricHistory[]> {
  try {
    return await sampledHistory(calls, search, signal);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    return Promise.all(
      search.runIds.map(async runId => ({
        runId,
        key: search.key,
        points: await wholeHistory(
          calls,
          { ...search, runIds: [runId] },
          signal
        )
      }))
    );
  }
}

async function sampledHistory(
  calls: RestCalls,
  search: HistorySearch,
  signal?: AbortSignal
): Promise<readonly MetricHistory[]> {
  const hasRange =
    search.startStep !== undefined || search.endStep !== undefined;
  const query: Query = {
    run_ids: search.runIds,
    metric_key: search.key,
    max_results: Math.min(search.maxPoints ?? MOST_POINTS, MOST_POINTS),
    ...(hasRange && {
      start_step: search.startStep ?? 0,
      end_step: search.endStep ?? LAST_STEP
    })
  };
  const route = 'metrics/get-history-bulk-interval';
  const answer = await calls.get(route, query, signal);
  const points = pageOf(answer, 'metrics', fields => fields).found;
  return search.runIds.map(runId => historyOf(search.key, runId, points));
}

function historyOf(
  key: string,
  runId: RunId,
  points: readonly Fields[]
): MetricHistory {
  const own = points.filter(point => point.run_id === runId);
  return { runId, key, points: own.map(decodeHistoryPoint) };
}

/** The way of servers that cannot sample: all points, thinned here. */
async function wholeHistory(
  calls: RestCalls,
  search: HistorySearch,
  signal?: AbortSignal
): Promise<readonly HistoryPoint[]> {
  const points = await allPages(async token => {
    const query = {
      run_id: search.runIds[0],
      metric_key: search.key,
      max_results: 25000,
      ...(token !== null && { page_token: token })
    };
    const answer = await calls.get('metrics/get-history', query, signal);
    return pageOf(answer, 'metrics', decodeHistoryPoint);
  });
  const { startStep = -Infinity, endStep = Infinity } = search;
  const inRange = points
    .filter(point => point.step >= startStep && point.step <= endStep)
    .sort((a, b) => a.step - b.step || a.timestampMs - b.timestampMs);
  return thinned(inRange, search.maxPoints ?? MOST_POINTS);
}

/**
 * At most `maxPoints` of a curve: the first, the last, and of each stretch
 * its least and its greatest; the curve itself where it has fewer.
 */
export function thinned(
  points: readonly HistoryPoint[],
  maxPoints: number
): readonly HistoryPoint[] {
  if (points.length <= maxPoints) {
    return points;
  }
  const stretches = Math.max(1, Math.floor((maxPoints - 2) / 2));
  const inner = points.length - 2;
  const kept: HistoryPoint[] = [points[0]];
  for (let index = 0; index < stretches; index++) {
    const start = 1 + Math.floor((index * inner) / stretches);
    const end = 1 + Math.floor(((index + 1) * inner) / stretches);
    kept.push(...extremes(points, start, end));
  }
  kept.push(points[points.length - 1]);
  return kept;
}

function extremes(
  points: readonly HistoryPoint[],
  start: number,
  end: number
): HistoryPoint[] {
  let least = start;
  let greatest = start;
  for (let index = start + 1; index < end; index++) {
    if (points[index].value < points[least].value) {
      least = index;
    }
    if (points[index].value > points[greatest].value) {
      greatest = index;
    }
  }
  const both = least === greatest ? [least] : [least, greatest];
  return both.sort((a, b) => a - b).map(index => points[index]);
}
