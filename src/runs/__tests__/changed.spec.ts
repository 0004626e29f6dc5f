import { describe, expect, it } from 'vitest';
import { cellText } from '../celltext';
import { changedOf, shortenKey } from '../changed';
import { diffRows } from '../diff';
import { foldEqual } from '../folding';
import { layOut, rowOf } from '../layout';
import { Holding } from '../holding';
import { NO_FILTER } from '../filter';
import {
  historySnippet,
  loadModelSnippet,
  logModelSnippet,
  paramsSnippet,
  pythonString,
  tableSnippet
} from '../snippets';
import { changedText, filterSentence } from '../texts';
import type { TestRun } from './tables';
import { tableOf } from './tables';

const fill = (message: string, values: readonly unknown[]): string =>
  values.reduce<string>(
    (text, value, i) => text.replace(`%${i + 1}`, String(value)),
    message
  );
const trans = {
  __: (message: string, ...values: unknown[]): string => fill(message, values),
  _n: (one: string, many: string, ...values: [number, ...unknown[]]): string =>
    fill(values[0] === 1 ? one : many, values.slice(1))
};

function changes(runs: readonly TestRun[]): readonly string[] {
  const table = tableOf(runs);
  return runs.map((_, row) => changedText(changedOf(table, row), trans));
}

const hash = (value: string): TestRun['tags'] => ({
  'jupyter.cell_hash': value
});

describe('changedOf', () => {
  it('names the param that differs from the run before of the same cell', () => {
    expect(
      changes([
        {
          id: 'a',
          start: 1,
          cell: 'x',
          params: { learning_rate: '0.3', units: '8' }
        },
        { id: 'b', start: 2, cell: 'y', params: { depth: '3' } },
        {
          id: 'c',
          start: 3,
          cell: 'x',
          params: { learning_rate: '0.1', units: '8' }
        },
        {
          id: 'd',
          start: 4,
          cell: 'x',
          params: { learning_rate: '0.2', units: '9' }
        }
      ])
    ).toEqual(['first', 'first', 'lr 0.1', 'lr 0.2 +1']);
  });

  it('compares with the notebook where the cell has no run before', () => {
    expect(
      changes([
        { id: 'a', start: 1, cell: 'x', params: { lr: '1' } },
        { id: 'b', start: 2, cell: 'y', params: { lr: '2' } },
        { id: 'c', start: 3, cell: 'y', notebook: 'other', params: { lr: '2' } }
      ])
    ).toEqual(['first', 'lr 2', 'first']);
  });

  it('says edited if only code differs, and same if nothing does', () => {
    expect(
      changes([
        { id: 'a', start: 1, cell: 'x', tags: hash('1') },
        { id: 'b', start: 2, cell: 'x', tags: hash('2') },
        { id: 'c', start: 3, cell: 'x', tags: hash('2') }
      ])
    ).toEqual(['first', 'edited', 'same']);
  });

  it('counts the children of a parent and tells them apart by their params', () => {
    expect(
      changes([
        { id: 'p', start: 1, cell: 'x' },
        { id: 'c1', start: 2, cell: 'x', parent: 'p', params: { units: '4' } },
        { id: 'c2', start: 3, cell: 'x', parent: 'p', params: { units: '8' } },
        { id: 'q', start: 4, cell: 'x' }
      ])
    ).toEqual(['2 runs', 'units 4', 'units 8', 'same']);
  });

  it('shortens to initials only where these are unique', () => {
    expect(shortenKey('learning_rate', ['learning_rate', 'units'])).toBe('lr');
    expect(shortenKey('learning_rate', ['learning_rate', 'l1_ratio'])).toBe(
      'learning_rate'
    );
    expect(shortenKey('units', ['units'])).toBe('units');
  });
});

describe('diffRows', () => {
  it('tells params, metrics with their direction, code and commit', () => {
    const commit = 'mlflow.source.git.commit';
    const table = tableOf([
      {
        id: 'a',
        params: { lr: '1', off: 'x' },
        metrics: { val_loss: 2, acc: 0.5, n: 1 },
        tags: { ...hash('1'), [commit]: 'aa' }
      },
      {
        id: 'b',
        params: { lr: '2', on: 'y' },
        metrics: { val_loss: 1, acc: 0.4, n: 1 },
        tags: { ...hash('2'), [commit]: 'bb' }
      }
    ]);
    expect(diffRows(table, { before: 0, after: 1 })).toEqual({
      params: [
        { key: 'lr', before: '1', after: '2' },
        { key: 'off', before: 'x', after: null },
        { key: 'on', before: null, after: 'y' }
      ],
      metrics: [
        { key: 'acc', before: 0.5, after: 0.4, verdict: 'worse' },
        { key: 'val_loss', before: 2, after: 1, verdict: 'better' }
      ],
      isCodeEdited: true,
      commit: { key: commit, before: 'aa', after: 'bb' }
    });
  });
});

describe('foldEqual', () => {
  it('folds what is equal in all, and training beside a test metric', () => {
    const table = tableOf([
      {
        id: 'a',
        params: { C: '1', penalty: 'l2' },
        metrics: { training_score: 1, val_acc: 2, same: 3 }
      },
      {
        id: 'b',
        params: { C: '2', penalty: 'l2' },
        metrics: { training_score: 2, val_acc: 1, same: 3 }
      }
    ]);
    expect(foldEqual(table, [0, 1])).toEqual({
      metrics: { shown: ['val_acc'], folded: ['same', 'training_score'] },
      params: { shown: ['C'], folded: ['penalty'] }
    });
    expect(foldEqual(table, [0]).params.folded).toEqual([]);
  });
});

describe('cellText', () => {
  it('writes numbers of a column with equal decimals, a parent with its best child', () => {
    const table = tableOf([
      { id: 'p', start: 0, end: 61000 },
      {
        id: 'c',
        start: 0,
        status: 'RUNNING',
        parent: 'p',
        metrics: { val_acc: 0.97223 }
      },
      { id: 'd', start: 0, metrics: { val_acc: 0.08 } },
      { id: 'e', start: 0, metrics: { val_acc: 1.7976931348623157e308 } }
    ]);
    const main = { key: 'val_acc', direction: 'higher', runCount: 3 } as const;
    const layout = layOut({
      table,
      main,
      filter: NO_FILTER,
      sort: [],
      folds: new Map(),
      holding: new Holding()
    });
    const context = { table, nowMs: 125000, trans };
    const texts = (column: string): readonly string[] =>
      [0, 1, 2, 3].map(i => cellText(context, rowOf(layout, i), column));
    expect(texts('metrics.val_acc')).toEqual([
      '0.9722',
      '0.9722',
      '0.0800',
      '∞'
    ]);
    expect(texts('took')).toEqual(['1 min', '2:05', '–', '–']);
    expect(texts('start_time')[0]).toBe('2m');
    expect(texts('params.nothing')[0]).toBe('–');
  });
});

describe('snippets', () => {
  it('quotes any text as Python does', () => {
    expect(pythonString('a"b\\c\nd\u2028é😀\0')).toBe(
      '"a\\"b\\\\c\\nd\\u2028é😀\\u0000"'
    );
  });

  it('writes params as a dict of literals', () => {
    const params = ['0.003', '007', 'True', 'l2', '1e-3', 'nan'].map(
      (value, i) => ({ key: `k${i}`, value })
    );
    expect(paramsSnippet(params)).toBe(
      'params = {\n    "k0": 0.003,\n    "k1": "007",\n    "k2": True,\n    "k3": "l2",\n    "k4": 1e-3,\n    "k5": "nan",\n}'
    );
  });

  it('loads a model by its id, and an older one by its run', () => {
    expect(loadModelSnippet({ modelId: 'm-1' })).toContain(
      'load_model("models:/m-1")'
    );
    expect(loadModelSnippet({ runId: 'r', path: 'model' })).toContain(
      'load_model("runs:/r/model")'
    );
  });

  it('asks for the same table, and for its history', () => {
    const selection = { notebook: { id: 'nb-1', path: 'a.ipynb' } };
    const text = tableSnippet({
      selection,
      filter: null,
      sort: [{ column: 'metrics.val loss', direction: 'ascending' }],
      runIds: [],
      isFiltered: false
    });
    expect(text).toContain(
      'filter_string="tags.`jupyter.notebook_id` = \'nb-1\'"'
    );
    expect(text).toContain('order_by=["metrics.`val loss` ASC"]');
    expect(historySnippet('r1', ['loss'])).toContain('for key in ["loss"]');
  });
});

describe('the line that logs a model', () => {
  it('is that of the library, and of the MLflow that the store knows', () => {
    expect(logModelSnippet('xgboost', true)).toContain(
      'mlflow.xgboost.log_model(model, name="model")'
    );
    expect(logModelSnippet(null, false)).toContain(
      'mlflow.sklearn.log_model(model, "model")'
    );
    expect(logModelSnippet('os; x', true)).toContain('mlflow.sklearn.');
  });
});

describe('filterSentence', () => {
  it('says what was expected and where', () => {
    const problem = {
      expected: 'number',
      after: 'metrics.loss <',
      position: 14
    } as const;
    expect(filterSentence(problem, trans)).toBe(
      'Expected a number after `metrics.loss <`'
    );
  });
});
