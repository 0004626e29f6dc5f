import { describe, expect, it } from 'vitest';
import { RunsModel } from '../model';
import type { TestRun } from './tables';
import { TestView } from './view';

const runs: readonly TestRun[] = [
  { id: 'a', start: 1, metrics: { val_acc: 0.5 }, params: { lr: '1' } },
  { id: 'b', start: 2, metrics: { val_acc: 0.9 }, params: { lr: '2' } },
  { id: 'p', start: 3 },
  { id: 'c1', start: 4, parent: 'p', metrics: { val_acc: 0.7 } },
  { id: 'c2', start: 5, parent: 'p', metrics: { val_acc: 0.8 } }
];

function shown(model: RunsModel): readonly string[] {
  return model.rows.map(row => '  '.repeat(row.depth) + row.runId);
}

function modelOf(initial = runs): { model: RunsModel; view: TestView } {
  const view = new TestView(initial);
  const model = new RunsModel();
  model.setView(view);
  return { model, view };
}

describe('RunsModel', () => {
  it('shows the newest first, children below their parent', () => {
    expect(shown(modelOf().model)).toEqual(['p', '  c2', '  c1', 'b', 'a']);
  });

  it('sorts best first, a parent by its best child', () => {
    const { model } = modelOf();
    model.sortBy('metrics.val_acc');
    expect(shown(model)).toEqual(['b', 'p', '  c2', '  c1', 'a']);
    model.sortBy('metrics.val_acc');
    expect(shown(model)).toEqual(['a', 'p', '  c1', '  c2', 'b']);
    model.sortBy('metrics.val_acc');
    expect(model.sort).toEqual([]);
  });

  it('names the best child of a parent', () => {
    const { model } = modelOf();
    expect(model.rows[0]).toMatchObject({ hasChildren: true, bestChild: 4 });
  });

  it('keeps a matching child visible under a parent that does not match', () => {
    const { model } = modelOf();
    model.setFilter('metrics.val_acc > 0.75');
    expect(shown(model)).toEqual(['p', '  c2', 'b']);
    expect(model.rows[0].isMatch).toBe(false);
    expect(model.matchCount).toBe(2);
  });

  it('keeps the last good rows under a wrong filter', () => {
    const { model } = modelOf();
    model.setFilter('metrics.val_acc > 0.75');
    model.setFilter('metrics.val_acc >');
    expect(shown(model)).toEqual(['p', '  c2', 'b']);
    expect(model.filterProblem?.expected).toBe('number');
  });

  it('folds a parent of more than ten children at first', () => {
    const many = Array.from({ length: 11 }, (_, i) => ({
      id: `k${i}`,
      start: 10 + i,
      parent: 'p'
    }));
    const { model } = modelOf([{ id: 'p', start: 1 }, ...many]);
    expect(shown(model)).toEqual(['p']);
    model.toggleFold('p');
    expect(model.rowCount).toBe(12);
  });

  it('shows a child whose parent is not in the table as a top row', () => {
    const { model } = modelOf([{ id: 'x', start: 1, parent: 'gone' }]);
    expect(shown(model)).toEqual(['x']);
  });

  it('lets new runs wait while a row is hovered', () => {
    const { model, view } = modelOf();
    model.holdTop = true;
    view.set([{ id: 'z', start: 9 }, ...runs]);
    expect(shown(model)).toEqual(['p', '  c2', '  c1', 'b', 'a']);
    expect(model.pendingCount).toBe(1);
    model.showPending();
    expect(shown(model)[0]).toBe('z');
    expect(model.pendingCount).toBe(0);
  });

  it('drops a deleted run also while rows are held', () => {
    const { model, view } = modelOf();
    model.holdTop = true;
    view.set(runs.slice(1));
    expect(shown(model)).toEqual(['p', '  c2', '  c1', 'b']);
  });

  it('keeps checks under a filter and counts the hidden ones', () => {
    const { model } = modelOf();
    model.checked.set(['a', 'b']);
    model.setFilter('metrics.val_acc > 0.75');
    expect(model.hiddenCheckedCount).toBe(1);
    expect(model.checked.size).toBe(2);
  });

  it('says which runs changed since a version', () => {
    const { model, view } = modelOf();
    const { version } = model;
    view.set(
      runs.map(run =>
        run.id === 'a' ? { ...run, metrics: { val_acc: 0.6 } } : run
      )
    );
    expect([...model.rowsChangedSince(version)]).toEqual(['a']);
    expect([...model.rowsChangedSince(model.version)]).toEqual([]);
  });

  it('turns the direction of a metric', () => {
    const { model } = modelOf();
    expect(model.mainMetric).toEqual({
      key: 'val_acc',
      direction: 'higher',
      runCount: 4
    });
    model.turnDirection('val_acc');
    expect(model.mainMetric?.direction).toBe('lower');
  });

  it('arranges 100,000 runs in well under a second', () => {
    const many = Array.from({ length: 100000 }, (_, i) => ({
      id: `run${i}`,
      start: (i * 7919) % 100003,
      metrics: { loss: Math.sin(i) }
    }));
    const { model } = modelOf(many);
    const started = performance.now();
    model.sortBy('metrics.loss');
    expect(performance.now() - started).toBeLessThan(1000);
    expect(model.rowCount).toBe(100000);
  });
});
