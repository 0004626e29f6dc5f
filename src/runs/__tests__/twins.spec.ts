import { describe, expect, it } from 'vitest';
import { tableOfValues } from '../../runtable/build';
import { isTwin } from '../../runtable/twins';
import { changedOf } from '../changed';
import { diffRows } from '../diff';
import { foldEqual } from '../folding';
import { patchRun } from '../patchrun';
import { patchOf } from '../../runtable/patch';

const TABLE = tableOfValues({
  run_id: ['b', 'a'],
  start_time: [2, 1],
  cell_id: ['x', 'x'],
  'params.lr': ['0.3', '0.1'],
  'params.lr#number': [0.3, 0.1]
});

describe('columns that repeat a param as numbers', () => {
  it('are no params of their own', () => {
    const { params } = diffRows(TABLE, { before: 1, after: 0 });
    expect(params).toEqual([{ key: 'lr', before: '0.1', after: '0.3' }]);
    expect(foldEqual(TABLE, [0, 1]).params).toEqual({
      shown: ['lr'],
      folded: []
    });
    expect(changedOf(TABLE, 0)).toMatchObject({ key: 'lr', more: 0 });
  });

  it('are told from a param that is called so', () => {
    const { columns } = tableOfValues({
      run_id: ['a'],
      'params.seat#number': ['7b']
    });
    const [, param] = [...columns];
    expect(isTwin(...param)).toBe(false);
  });
});

describe('patchRun', () => {
  it('keeps the value of the greatest step', () => {
    const loss = { key: 'loss', value: 0.1, step: 5, timestampMs: 9 };
    const patch = patchOf('a', {
      metrics: new Map([
        ['loss', { value: 0.9, step: 1, timestampMs: 99, points: [] }],
        ['acc', { value: 0.5, step: 1, timestampMs: 99, points: [] }]
      ])
    });
    const { metrics } = patchRun(
      {
        runId: 'a',
        runName: 'a',
        experimentId: '1',
        status: 'RUNNING',
        startTimeMs: 1,
        endTimeMs: null,
        userId: '',
        lifecycleStage: 'active',
        artifactUri: '',
        metrics: [loss],
        params: [],
        tags: [],
        datasetInputs: [],
        modelOutputs: []
      },
      patch
    );
    expect(metrics).toEqual([
      loss,
      { key: 'acc', value: 0.5, step: 1, timestampMs: 99 }
    ]);
  });
});
