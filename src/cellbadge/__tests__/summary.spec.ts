import { describe, expect, it } from 'vitest';
import type { Column, RunTable } from '../../runtable/runtable';
import { badgeText, summarize } from '../summary';

const trans = {
  __: (text: string, ...values: unknown[]) =>
    text.replace(/%(\d)/g, (_, place) => String(values[place - 1])),
  _n: (one: string, many: string, count: number) =>
    (count === 1 ? one : many).replace('%1', String(count))
};

function words(texts: readonly string[]): Column {
  const parts = texts.map(text => new TextEncoder().encode(text));
  const offsets = [0];
  parts.forEach(part =>
    offsets.push(offsets[offsets.length - 1] + part.length)
  );
  return {
    kind: 'text',
    codes: Int32Array.from(texts, (_, row) => row),
    bytes: Uint8Array.from(parts.flatMap(part => [...part])),
    offsets: Uint32Array.from(offsets),
    sorted: false
  };
}

function numbers(values: readonly number[]): Column {
  return { kind: 'number', values: Float64Array.from(values), missing: null };
}

const TABLE: RunTable = {
  rowCount: 2,
  rows: new Map([
    ['r0', 0],
    ['r1', 1]
  ]),
  columns: new Map<string, Column>([
    ['run_id', words(['r0', 'r1'])],
    ['status', words(['FAILED', 'FINISHED'])],
    ['cell_id', words(['c', 'c'])],
    ['start_time', numbers([1, 2])],
    ['tags.jupyter.cell_hash', words(['h0', 'h1'])],
    ['metrics.val_accuracy', numbers([0.93149, 0.97591])],
    ['metrics.training_score', numbers([1, 1])]
  ])
};

const KEYS = { metrics: [], params: [], tags: [] };

describe('summarize', () => {
  it('says the main metric and the hash of the latest run of a cell', () => {
    expect(summarize(TABLE, KEYS).get('c')).toEqual({
      runCount: 2,
      latestRunId: 'r1',
      status: 'FINISHED',
      value: '0.9759',
      cellHash: 'h1'
    });
  });

  it('needs neither metrics nor hashes', () => {
    const columns = new Map(
      [...TABLE.columns].filter(([name]) => !name.includes('.'))
    );
    const runs = summarize({ ...TABLE, columns }, KEYS).get('c');
    expect(runs).toMatchObject({ value: null, cellHash: null });
  });
});

describe('badgeText', () => {
  const runs = {
    runCount: 3,
    latestRunId: 'r',
    status: 'FINISHED',
    value: '0.9759',
    cellHash: 'h'
  };

  it('says how many runs, how good the latest is, how it ended', () => {
    expect(badgeText(runs, false, trans)).toBe('3 runs · 0.9759 ✓');
    expect(badgeText(runs, true, trans)).toBe(
      '3 runs · 0.9759 ✓ · edited since'
    );
  });

  it('does without a metric', () => {
    const failed = { ...runs, runCount: 1, status: 'FAILED', value: null };
    expect(badgeText(failed, false, trans)).toBe('1 run · ✕');
  });
});
