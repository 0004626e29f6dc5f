import { describe, expect, it } from 'vitest';
import type { Column, RunTable } from '../../runtable/runtable';
import { belongsTo, rowsByCell } from '../rules';

const NOTEBOOK = { id: 'n', path: 'a.ipynb' };

function texts(words: readonly (string | null)[]): Column {
  const encoder = new TextEncoder();
  const parts = words.map(word => encoder.encode(word ?? ''));
  const offsets = [0];
  parts.forEach(part =>
    offsets.push(offsets[offsets.length - 1] + part.length)
  );
  return {
    kind: 'text',
    codes: Int32Array.from(words, (word, row) => (word === null ? -1 : row)),
    bytes: Uint8Array.from(parts.flatMap(part => [...part])),
    offsets: Uint32Array.from(offsets),
    sorted: false
  };
}

function table(
  runs: readonly Readonly<{
    cell: string | null;
    start: number;
    parent?: string;
    stage?: string;
  }>[]
): RunTable {
  const ids = runs.map((_, row) => `r${row}`);
  return {
    rowCount: runs.length,
    rows: new Map(ids.map((id, row) => [id, row])),
    columns: new Map<string, Column>([
      ['run_id', texts(ids)],
      ['cell_id', texts(runs.map(run => run.cell))],
      ['parent_run_id', texts(runs.map(run => run.parent ?? null))],
      ['lifecycle_stage', texts(runs.map(run => run.stage ?? 'active'))],
      [
        'start_time',
        {
          kind: 'number',
          values: Float64Array.from(runs, run => run.start),
          missing: null
        }
      ]
    ])
  };
}

describe('belongsTo', () => {
  it('goes by the id that a run carries', () => {
    const moved = { notebookId: 'n', notebookPath: 'old.ipynb' };
    expect(belongsTo(moved, NOTEBOOK)).toBe(true);
    const other = { notebookId: 'm', notebookPath: 'a.ipynb' };
    expect(belongsTo(other, NOTEBOOK)).toBe(false);
  });

  it('goes by the path only for a run without an id', () => {
    const script = { notebookId: null, notebookPath: 'a.ipynb' };
    expect(belongsTo(script, NOTEBOOK)).toBe(true);
    const elsewhere = { notebookId: null, notebookPath: 'b/a.ipynb' };
    expect(belongsTo(elsewhere, NOTEBOOK)).toBe(false);
    const nowhere = { notebookId: null, notebookPath: null };
    expect(belongsTo(nowhere, NOTEBOOK)).toBe(false);
  });
});

describe('rowsByCell', () => {
  it('gives the runs of each cell, newest first', () => {
    const rows = rowsByCell(
      table([
        { cell: 'a', start: 1 },
        { cell: 'b', start: 2 },
        { cell: 'a', start: 3 },
        { cell: null, start: 4 }
      ])
    );
    expect([...rows]).toEqual([
      ['a', [2, 0]],
      ['b', [1]]
    ]);
  });

  it('counts neither deleted runs nor children of a run that is there', () => {
    const rows = rowsByCell(
      table([
        { cell: 'a', start: 1 },
        { cell: 'a', start: 2, parent: 'r0' },
        { cell: 'a', start: 3, stage: 'deleted' },
        { cell: 'a', start: 4, parent: 'of another notebook' }
      ])
    );
    expect(rows.get('a')).toEqual([3, 0]);
  });
});
