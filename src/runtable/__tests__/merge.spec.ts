import { describe, expect, it } from 'vitest';
import { tableOfValues } from '../build';
import { codeOf, isAscending, textColumn, withWords } from '../dictionary';
import { applyPatches, hasRunning, joinPatches } from '../live';
import { mergeTables } from '../merge';
import { isOlder, patchOf } from '../patch';
import type { RunTable, TextColumn } from '../runtable';
import { numberAt, textAt } from '../runtable';

function column(table: RunTable, name: string): (string | number | null)[] {
  const cells = table.columns.get(name);
  return Array.from({ length: table.rowCount }, (_, row) =>
    cells?.kind === 'number' ? numberAt(cells, row) : textAt(cells, row)
  );
}

const metric = (value: number) => ({
  value,
  step: 1,
  timestampMs: 0,
  points: []
});

const RULES = {
  selection: { notebook: { id: 'n1', path: 'a.ipynb' } },
  tagKeys: new Set(['jupyter.error']),
  nowMs: 9000
};

const TWO = tableOfValues({
  run_id: ['b', 'a'],
  status: ['RUNNING', 'FINISHED'],
  lifecycle_stage: ['active', 'active'],
  start_time: [2000, 1000],
  end_time: [null, 1500],
  'metrics.loss': [NaN, 0.5],
  'params.lr': ['0.1', null]
});

describe('dictionaries', () => {
  it('are sorted by bytes, so that a code is a rank', () => {
    const column = textColumn(['😀', 'z', null, '\uffee', 'a', 'z']);
    expect(isAscending(column)).toBe(true);
    expect([...column.codes]).toEqual([3, 1, -1, 2, 0, 1]);
  });

  it('take in words and stay sorted, rows keeping their text', () => {
    const before = textColumn(['b', 'd', null]);
    const { column, codes } = withWords(before, ['c', 'a', 'd', 'a', 'é']);
    expect(isAscending(column)).toBe(true);
    expect(codes).toEqual([2, 0, 3, 0, 4]);
    expect([0, 1, 2].map(row => textAt(column, row))).toEqual(['b', 'd', null]);
    expect(codeOf(column, 'é')).toBe(4);
    expect(codeOf(column, 'x')).toBe(-1);
  });

  it('sort a dictionary that came unsorted', () => {
    const bytes = new TextEncoder().encode('ba');
    const unsorted: TextColumn = {
      kind: 'text',
      codes: Int32Array.of(0, 1),
      bytes,
      offsets: Uint32Array.of(0, 1, 2),
      sorted: false
    };
    const { column } = withWords(unsorted, ['aa']);
    expect([textAt(column, 0), textAt(column, 1)]).toEqual(['b', 'a']);
    expect(isAscending(column)).toBe(true);
  });
});

describe('merging', () => {
  it('replaces rows, adds rows in front and keeps what was not asked', () => {
    const newer = tableOfValues({
      run_id: ['c', 'b'],
      status: ['RUNNING', 'FINISHED'],
      start_time: [3000, 2000],
      'metrics.loss': [null, 0.25]
    });
    const table = mergeTables(TWO, newer);
    expect(column(table, 'run_id')).toEqual(['c', 'b', 'a']);
    expect(column(table, 'status')).toEqual([
      'RUNNING',
      'FINISHED',
      'FINISHED'
    ]);
    expect(column(table, 'metrics.loss')).toEqual([null, 0.25, 0.5]);
    expect(column(table, 'params.lr')).toEqual([null, '0.1', null]);
    expect(table.rows.get('a')).toBe(2);
  });

  it('puts a late run of an old time into its place', () => {
    const late = tableOfValues({ run_id: ['x'], start_time: [1500] });
    expect(column(mergeTables(TWO, late), 'run_id')).toEqual(['b', 'x', 'a']);
  });
});

describe('live patches', () => {
  it('change the cells of a known run and nothing of the table before', () => {
    const changed = patchOf('b', {
      event: 'ended',
      status: 'FAILED',
      endTimeMs: 2500,
      metrics: new Map([
        ['loss', metric(0.1)],
        ['acc', metric(Infinity)]
      ]),
      params: new Map([['units', '32']]),
      tags: new Map([
        ['jupyter.error', 'Boom'],
        ['other', 'x']
      ])
    });
    const table = applyPatches(TWO, [changed], RULES);
    expect(column(table, 'status')).toEqual(['FAILED', 'FINISHED']);
    expect(column(table, 'metrics.loss')).toEqual([0.1, 0.5]);
    expect(column(table, 'metrics.acc')).toEqual([Infinity, null]);
    expect(column(table, 'params.units')).toEqual(['32', null]);
    expect(column(table, 'tags.jupyter.error')).toEqual(['Boom', null]);
    expect(table.columns.has('tags.other')).toBe(false);
    expect(column(TWO, 'metrics.loss')).toEqual([NaN, 0.5]);
    expect(hasRunning(table, 9000)).toBe(false);
    expect(hasRunning(TWO, 9000)).toBe(true);
  });

  it('add a run of this notebook, in front', () => {
    const created = patchOf('c', {
      event: 'created',
      experimentId: '1',
      runName: 'net “x”',
      tags: new Map([
        ['jupyter.notebook_id', 'n1'],
        ['mlflow.parentRunId', 'b']
      ])
    });
    const table = applyPatches(TWO, [created], RULES);
    expect(column(table, 'run_id')).toEqual(['c', 'b', 'a']);
    expect(column(table, 'run_name')[0]).toBe('net “x”');
    expect(column(table, 'parent_run_id')[0]).toBe('b');
    expect(column(table, 'status')[0]).toBe('RUNNING');
    expect(column(table, 'start_time')[0]).toBe(9000);
  });

  it('leave runs of another notebook out', () => {
    const created = patchOf('c', {
      event: 'created',
      experimentId: '1',
      tags: new Map([
        ['jupyter.notebook_id', 'n2'],
        ['jupyter.notebook_path', 'a.ipynb']
      ])
    });
    expect(applyPatches(TWO, [created], RULES)).toBe(TWO);
  });

  it('take a deleted run out of the active ones', () => {
    const deleted = patchOf('b', { event: 'deleted' });
    const table = applyPatches(TWO, [deleted], RULES);
    expect(column(table, 'run_id')).toEqual(['a']);
  });

  it('of one run are one patch in which the later says what holds', () => {
    const joined = joinPatches(
      patchOf('a', {
        event: 'created',
        runName: 'x',
        tags: new Map([
          ['t', '1'],
          ['u', '1']
        ]),
        metrics: new Map([['loss', metric(1)]])
      }),
      patchOf('a', {
        runName: undefined,
        deletedTags: ['t'],
        metrics: new Map([['loss', metric(2)]])
      })
    );
    expect(joined.event).toBe('created');
    expect(joined.runName).toBe('x');
    expect([...joined.tags.keys()]).toEqual(['u']);
    expect(joined.deletedTags).toEqual(['t']);
    expect(joined.metrics.get('loss')?.value).toBe(2);
  });
});

describe('isOlder', () => {
  it('goes by the step, then by the time, as MLflow does', () => {
    const at = (step: number, timestampMs: number) => ({ step, timestampMs });
    expect(isOlder(at(1, 9), at(2, 0))).toBe(true);
    expect(isOlder(at(2, 0), at(1, 9))).toBe(false);
    expect(isOlder(at(2, 0), at(2, 1))).toBe(true);
    expect(isOlder(at(2, 1), at(2, 1))).toBe(false);
  });
});

describe('joined patches', () => {
  it('keep the value of the greatest step, whichever came last', () => {
    const loss = (value: number, step: number) =>
      patchOf('a', {
        metrics: new Map([['loss', { ...metric(value), step }]])
      });
    const joined = joinPatches(loss(0.1, 5), loss(0.9, 1));
    expect(joined.metrics.get('loss')).toMatchObject({ value: 0.1, step: 5 });
  });
});
