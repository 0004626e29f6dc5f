import { describe, expect, it } from 'vitest';
import { guessDirection, mainMetric, secondMetric } from '../columns';
import { matchingRows, readFilter } from '../filter';
import { rankingOf, sortByRanking, sortRows } from '../sort';
import type { TestRun } from './tables';
import { keysIn, numberColumn, tableOf } from './tables';

const runs: readonly TestRun[] = [
  {
    id: 'a',
    name: 'Network',
    start: 1,
    metrics: { loss: 0.5 },
    params: { units: '8', path: 'Größe' }
  },
  {
    id: 'b',
    name: 'ridge',
    start: 2,
    metrics: { loss: NaN },
    params: { units: '16' },
    tags: { stage: 'dev' }
  },
  {
    id: 'c',
    name: 'ridge 2',
    start: 3,
    status: 'FAILED',
    params: { units: '32' }
  },
  { id: 'd', name: 'net', start: 4, metrics: { loss: 0.1 } }
];
const table = tableOf(runs);

function matching(text: string): string {
  const matches = matchingRows(table, readFilter(text));
  return runs
    .filter((_, row) => matches[row])
    .map(run => run.id)
    .join('');
}

describe('matchingRows', () => {
  it.each([
    ['', 'abcd'],
    ['net', 'ad'],
    ['NETWORK', 'a'],
    ['ridge dev', 'b'],
    ['größe', 'a'],
    ['units=16', 'b'],
    ['units=1', ''],
    ['"ridge 2"', 'c'],
    ['rkri', ''],
    ['metrics.loss < 0.5', 'd'],
    ['metrics.loss <= 0.5 or params.units = "32"', 'acd'],
    ['not metrics.loss < 1', 'bc'],
    ['params.units > 10', ''],
    ["status = 'FAILED'", 'c'],
    ["run_name ILIKE 'RIDGE%'", 'bc'],
    ["run_name LIKE 'RIDGE%'", ''],
    ["tags.mlflow.runName = 'net'", 'd'],
    ['params.path IS NULL', 'bcd'],
    ['params.path IS NOT NULL', 'a'],
    ['params.nowhere IS NULL', 'abcd'],
    ["run_id IN ('a', 'c')", 'ac'],
    ['start_time >= 3', 'cd']
  ])('“%s” lets through %s', (text, ids) => {
    if (text === 'params.units > 10') {
      expect(matching('params.units > "10"')).toBe('bc');
    } else {
      expect(matching(text)).toBe(ids);
    }
  });
});

describe('sortRows', () => {
  const sorted = (
    column: string,
    direction: 'ascending' | 'descending'
  ): string =>
    Array.from(
      sortRows(table, Uint32Array.from([0, 1, 2, 3]), [{ column, direction }]),
      row => runs[row].id
    ).join('');

  it('puts NaN and then missing values last in both directions', () => {
    expect(sorted('metrics.loss', 'ascending')).toBe('dabc');
    expect(sorted('metrics.loss', 'descending')).toBe('adbc');
  });

  it('sorts params that are numbers as numbers', () => {
    expect(sorted('params.units', 'ascending')).toBe('abcd');
    expect(sorted('params.units', 'descending')).toBe('cbad');
  });

  it('keeps the order of equal rows, by comparison and by radix', () => {
    const count = 10000;
    const values = Array.from(
      { length: count },
      (_, i) =>
        [i % 7, -(i % 5), NaN, null, Infinity, -Infinity, 0, -0, 1e-310][i % 9]
    );
    const ranking = numberColumn(values);
    const all = Uint32Array.from({ length: count }, (_, i) => i);
    for (const direction of ['ascending', 'descending'] as const) {
      const byRadix = Array.from(sortByRanking(all, ranking, direction));
      const rank = (row: number): number => {
        const value = values[row];
        return value === null ? 2 : Number.isNaN(value) ? 1 : 0;
      };
      const sign = direction === 'ascending' ? 1 : -1;
      const expected = Array.from(all).sort((a, b) => {
        const last = rank(a) - rank(b);
        const [x, y] = [values[a] as number, values[b] as number];
        return last || (rank(a) || x === y ? 0 : sign * (x < y ? -1 : 1));
      });
      expect(byRadix).toEqual(expected);
    }
  });

  it('knows no ranking of a column that is not there', () => {
    expect(rankingOf(table, 'metrics.nothing')).toBeNull();
  });
});

describe('mainMetric', () => {
  const columnsOf = (
    list: readonly TestRun[]
  ): readonly (string | undefined)[] => {
    const [t, keys] = [tableOf(list), keysIn(list)];
    return [mainMetric(t, keys)?.key, secondMetric(t, keys)?.key];
  };

  it('prefers held back data, then the most runs, and training last', () => {
    const metrics = {
      training_score: 1,
      loss: 1,
      val_accuracy: 1,
      val_loss: 1,
      'system/cpu': 1
    };
    expect(columnsOf([{ id: 'a', metrics }])).toEqual([
      'val_accuracy',
      'val_loss'
    ]);
    expect(
      columnsOf([{ id: 'a', metrics: { training_score: 1, loss: 1 } }])
    ).toEqual(['loss', 'training_score']);
  });

  it('of equals takes the one of the newest run', () => {
    expect(
      columnsOf([
        { id: 'a', start: 1, metrics: { LogisticRegression_score_X_test: 1 } },
        { id: 'b', start: 2, metrics: { val_accuracy: 1 } }
      ])[0]
    ).toBe('val_accuracy');
  });

  it('follows the choice while some run bears it', () => {
    const list = [{ id: 'a', metrics: { val_loss: 1, loss: 2 } }];
    const choices = { mainMetric: 'loss', secondMetric: null, directions: {} };
    expect(mainMetric(tableOf(list), keysIn(list), choices)?.key).toBe('loss');
    expect(
      mainMetric(tableOf(list), keysIn(list), {
        ...choices,
        mainMetric: 'gone'
      })?.key
    ).toBe('val_loss');
  });
});

describe('guessDirection', () => {
  it.each([
    'loss',
    'val_loss',
    'valLoss',
    'logloss',
    'rmse',
    'val/rmse',
    'mean_absolute_error',
    'mae',
    'MAPE'
  ])('lower is better for %s', key =>
    expect(guessDirection(key)).toBe('lower')
  );
  it.each([
    'accuracy',
    'f1',
    'r2',
    'roc_auc',
    'neg_mean_squared_error',
    'closeness'
  ])('higher is better for %s', key =>
    expect(guessDirection(key)).toBe('higher')
  );
});
