import { describe, expect, it } from 'vitest';
import { FakeSession, runOf, until } from '../../run/__tests__/fakesession';
import { CompareModel } from '../model';
import { compareRuns, onlyDiffering } from '../rows';

const metric = (key: string, value: number) => ({
  key,
  value,
  step: 0,
  timestampMs: 0
});
const a = runOf({
  runId: 'a',
  metrics: [metric('loss', 0.5), metric('val_acc', 0.9)],
  params: [
    { key: 'lr', value: '1' },
    { key: 'units', value: '8' }
  ]
});
const b = runOf({
  runId: 'b',
  metrics: [metric('loss', 0.4), metric('val_acc', 0.9), metric('nan', NaN)],
  params: [
    { key: 'lr', value: '2' },
    { key: 'units', value: '8' }
  ]
});

describe('compareRuns', () => {
  it('marks the best value of each metric by its direction', () => {
    const { metrics } = compareRuns([a, b]);
    expect(metrics.map(({ key, best }) => [key, best])).toEqual([
      ['val_acc', []],
      ['loss', [1]],
      ['nan', []]
    ]);
  });

  it('follows the directions and the metric that a user chose', () => {
    const { metrics } = compareRuns([a, b], {
      mainMetric: 'loss',
      secondMetric: null,
      directions: { loss: 'higher' }
    });
    expect(metrics[0]).toMatchObject({ key: 'loss', best: [0] });
  });

  it('leaves out what is equal in all', () => {
    const comparison = onlyDiffering(compareRuns([a, b]));
    expect(comparison.metrics.map(({ key }) => key)).toEqual(['loss', 'nan']);
    expect(comparison.params).toEqual([
      { key: 'lr', values: ['1', '2'], isEqual: false }
    ]);
    expect(comparison.tags).toEqual([]);
  });
});

describe('CompareModel', () => {
  it('overlays the curves of the first metric, and of the chosen one', async () => {
    const session = new FakeSession([a, b]).asSession();
    const model = new CompareModel();
    await model.open([
      { runId: 'a', session },
      { runId: 'b', session }
    ]);
    expect(model.metricKey).toBe('val_acc');
    await model.showCurves('loss');
    expect(
      model.curves.map(({ run, points }) => [run.runId, points.length])
    ).toEqual([
      ['a', 3],
      ['b', 3]
    ]);
    await until(model.changed, () => !model.isLoading);
  });

  it('says what went wrong and keeps the runs it had', async () => {
    const session = new FakeSession([a, b]).asSession();
    const model = new CompareModel();
    await model.open([
      { runId: 'a', session },
      { runId: 'b', session }
    ]);
    await model.open([
      { runId: 'a', session },
      { runId: 'gone', session }
    ]);
    expect(model.error).toBe('No run gone');
    expect(model.runs.map(run => run.runId)).toEqual(['a']);
  });
});
