import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import type { Column, RunTable } from '../../runtable/runtable';
import { expectedMs, leftText } from '../progress';
import { runsOfCell } from '../cellruns';
import { runOfTable } from '../runfacts';
import { eventWords } from '../words';

function texts(words: readonly (string | null)[]): Column {
  const encoder = new TextEncoder();
  const known = [...new Set(words.filter(word => word !== null))];
  const parts = known.map(word => encoder.encode(word));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, at) => (offsets[at + 1] = offsets[at] + part.length));
  const bytes = encoder.encode(known.join(''));
  const codes = Int32Array.from(words, word =>
    word === null ? -1 : known.indexOf(word)
  );
  return { kind: 'text', codes, bytes, offsets, sorted: false };
}

function numbers(values: readonly (number | null)[]): Column {
  return {
    kind: 'number',
    values: Float64Array.from(values, value => value ?? 0),
    missing: Uint8Array.from(values, value => (value === null ? 1 : 0))
  };
}

const TABLE: RunTable = {
  rowCount: 4,
  rows: new Map([
    ['d', 0],
    ['c', 1],
    ['b', 2],
    ['a', 3]
  ]),
  columns: new Map<string, Column>([
    ['run_id', texts(['d', 'c', 'b', 'a'])],
    ['run_name', texts(['net', 'net', 'net', 'other'])],
    ['status', texts(['RUNNING', 'FAILED', 'FINISHED', 'FINISHED'])],
    ['cell_id', texts(['x', 'x', 'x', 'y'])],
    ['start_time', numbers([4000, 3000, 2000, 1000])],
    ['end_time', numbers([null, 3100, 2700, 9000])],
    ['params.lr', texts([null, '1', '2', null])],
    ['metrics.loss', numbers([NaN, 0.5, null, 1])]
  ])
};

describe('expectedMs', () => {
  it('is the time of the latest run of the cell that finished', () => {
    expect(expectedMs(TABLE, 0)).toBe(700);
  });

  it('is not known of a cell whose runs did not finish', () => {
    const columns = new Map(TABLE.columns);
    columns.set('status', texts(['RUNNING', 'FAILED', 'FAILED', 'FINISHED']));
    expect(expectedMs({ ...TABLE, columns }, 0)).toBeNull();
  });
});

describe('leftText', () => {
  it('counts seconds, then minutes, and says nothing once it takes longer', () => {
    const trans = nullTranslator.load('');
    expect(leftText(19_400, trans)).toBe('about 20 s left');
    expect(leftText(125_000, trans)).toBe('about 2 min left');
    expect(leftText(0, trans)).toBeNull();
  });
});

describe('eventWords', () => {
  const trans = nullTranslator.load('');
  it('are said when a run starts or ends', () => {
    expect(eventWords({ event: 'created' }, 'net', trans)).toBe('net started.');
    expect(eventWords({ event: 'ended', status: 'FAILED' }, 'net', trans)).toBe(
      'net failed.'
    );
    expect(eventWords({ event: 'ended' }, 'net', trans)).toBe('net finished.');
  });

  it('are none for numbers in between', () => {
    expect(eventWords({ event: 'updated' }, 'net', trans)).toBeNull();
  });
});

describe('runsOfCell', () => {
  it('gives the newest first', () => {
    expect(runsOfCell(TABLE, 'x')).toEqual(['d', 'c', 'b']);
  });
});

describe('runOfTable', () => {
  it('tells NaN from a value that is missing, and keeps the cell as a tag', () => {
    expect(runOfTable(TABLE, 0)).toMatchObject({
      runName: 'net',
      endTimeMs: null,
      metrics: [{ key: 'loss', value: NaN }],
      params: [],
      tags: [{ key: 'jupyter.cell_id', value: 'x' }]
    });
    expect(runOfTable(TABLE, 2).metrics).toEqual([]);
  });
});
