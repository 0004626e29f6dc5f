import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTRACT } from '../../contract';
import { decodeRun } from '../../mlflow/decode';
import { historiesFromArrow, runsFromArrow } from '../fromarrow';
import { PagedRuns } from '../frompages';
import type { RunTable } from '../runtable';
import { numberAt, textAt } from '../runtable';

function read(name: string): Buffer {
  const file = new URL(`../../../testdata/${name}`, import.meta.url);
  return readFileSync(file);
}

function bytes(name: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = read(name);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

function valueAt(table: RunTable, name: string, row: number) {
  const column = table.columns.get(name);
  return column?.kind === 'number'
    ? numberAt(column, row)
    : textAt(column, row);
}

describe('what the tracking server sent', () => {
  it('has the frame first, in the order of the contract', async () => {
    const { table, cursor } = await runsFromArrow(bytes('arrow/frame.arrow'));
    const names = [...table.columns.keys()];
    expect(names).toEqual(CONTRACT.frameColumns);
    expect(table.rowCount).toBeGreaterThan(0);
    expect(cursor).not.toBeNull();
  });

  it('has sorted dictionaries, times as numbers and NaN beside missing', async () => {
    const name = 'arrow/frame-columns.arrow';
    const { table } = await runsFromArrow(bytes(name));
    for (const column of table.columns.values()) {
      expect(column.kind === 'number' || column.sorted).toBe(true);
    }
    const start = table.columns.get('start_time');
    expect(numberAt(start, 0)).toBeGreaterThan(1.7e12);
  });

  it('says when it is only what changed', async () => {
    const since = await runsFromArrow(bytes('arrow/frame-since.arrow'));
    expect(since.metadata.get('complete')).toBe('false');
    const whole = await runsFromArrow(bytes('arrow/frame-all.arrow'));
    expect(whole.metadata.get('complete')).toBe('true');
  });

  it('may hold no run', async () => {
    const { table } = await runsFromArrow(bytes('arrow/frame-empty.arrow'));
    expect(table.rowCount).toBe(0);
  });

  it('has curves of metrics', async () => {
    const histories = await historiesFromArrow(
      bytes('arrow/metric-history.arrow')
    );
    const points = histories.flatMap(history => history.points);
    expect(points.some(point => Number.isNaN(point.value))).toBe(true);
    expect(
      histories.every(({ points: own }) =>
        own.every((point, at) => at === 0 || own[at - 1].step <= point.step)
      )
    ).toBe(true);
  });

  it('says the same as pages of runs/search', async () => {
    const answer = JSON.parse(
      read('mlflow-3.17/runs-search.json').toString('utf8')
    ) as { runs: unknown[] };
    const paged = new PagedRuns(['metrics.*', 'params.*']);
    paged.add(answer.runs.map(decodeRun));
    const pages = paged.table();
    const { table } = await runsFromArrow(bytes('arrow/frame-all.arrow'));
    const shared = [...pages.rows].filter(([id]) => table.rows.has(id));
    expect(shared.length).toBeGreaterThan(3);
    for (const [id, row] of shared) {
      const other = table.rows.get(id) as number;
      for (const name of CONTRACT.frameColumns) {
        const [a, b] = [valueAt(pages, name, row), valueAt(table, name, other)];
        expect([id, name, a || null]).toEqual([id, name, b || null]);
      }
    }
  });
});
