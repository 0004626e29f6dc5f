import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorOfAnswer } from '../../mlflow/errors';
import { patchOf } from '../../runtable/patch';
import { ColumnStore } from '../../store/columnstore';
import type { IRunView } from '../../tokens';
import {
  connectionOf,
  idsOf,
  lossesOf,
  lossPatch,
  makeSession,
  NOTEBOOK
} from './fakes';

const TAGS = new Map([['jupyter.notebook_id', 'n1']]);

const phase = (view: IRunView) => view.freshness.phase;

afterEach(() => vi.useRealTimers());

describe('rows', () => {
  it('are shown from the cache before the store has answered', async () => {
    const store = new ColumnStore('cached-first');
    const first = makeSession({ store });
    first.source.rows = [{ id: 'a', loss: 1 }];
    const seen = first.session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(seen)).toBe('current'));
    await vi.waitFor(async () =>
      expect(await store.readTable('s1', NOTEBOOK)).not.toBeNull()
    );
    first.session.dispose();

    const again = makeSession({ store, isConfirmed: false });
    const view = again.session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(idsOf(view)).toEqual(['a']));
    expect(phase(view)).toBe('cached');
    expect(again.source.readCount).toBe(0);
    again.session.update({ ...again.state, isConfirmed: true });
    await vi.waitFor(() => expect(again.source.readCount).toBe(1));
    again.session.dispose();
  });

  it('of a store that does not exist yet are none, and nothing is asked', async () => {
    const { session, source, state } = makeSession({
      connection: { state: 'absent' }
    });
    const view = session.openView(NOTEBOOK);
    expect(phase(view)).toBe('current');
    expect(view.table.rowCount).toBe(0);
    source.rows = [{ id: 'a' }];
    session.update({ ...state, connection: connectionOf() });
    await vi.waitFor(() => expect(idsOf(view)).toEqual(['a']));
    expect(source.readCount).toBe(1);
    session.dispose();
  });

  it('of another store are dropped when the connection leads elsewhere', async () => {
    const { session, source, state } = makeSession();
    source.rows = [{ id: 'a' }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(idsOf(view)).toEqual(['a']));
    const release = source.hold();
    const connection = connectionOf({ storeId: 's2' });
    session.update({ ...state, connection });
    expect(view.table.rowCount).toBe(0);
    source.rows = [{ id: 'b' }];
    release();
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.dispose();
  });

  it('are shared by equal selections and read once', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a' }];
    const one = session.openView(NOTEBOOK);
    const other = session.openView({ ...NOTEBOOK });
    await vi.waitFor(() => expect(idsOf(other)).toEqual(['a']));
    expect(one.table).toBe(other.table);
    expect(source.readCount).toBe(1);
    one.dispose();
    expect(idsOf(other)).toEqual(['a']);
    session.dispose();
  });

  it('stay when the store does not answer, with a sentence and the next try', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a' }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    source.failure = errorOfAnswer(502, '');
    await view.refresh();
    expect(phase(view)).toBe('stale');
    expect(idsOf(view)).toEqual(['a']);
    expect(view.freshness.error).toBe('local · mlflow.db does not answer.');
    expect(view.freshness.nextTryMs).toBeGreaterThan(Date.now());
    source.failure = null;
    await view.refresh();
    expect(view.freshness).toMatchObject({ phase: 'current', error: null });
    session.dispose();
  });

  it('are tried again after a failure, by themselves', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { session, source } = makeSession();
    source.failure = errorOfAnswer(502, '');
    const view = session.openView({});
    await vi.waitFor(() => expect(phase(view)).toBe('stale'));
    source.failure = null;
    await vi.advanceTimersByTimeAsync(3000);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.dispose();
  });
});

describe('asking', () => {
  it('is every five seconds while something runs, then more rarely', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', status: 'RUNNING', start: Date.now() }];
    const view = session.openView({});
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    await vi.advanceTimersByTimeAsync(15500);
    expect(source.readCount).toBe(4);
    source.rows = [{ id: 'a' }];
    await vi.advanceTimersByTimeAsync(5000);
    const before = source.readCount;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(source.readCount - before).toBeGreaterThan(4);
    expect(source.readCount - before).toBeLessThan(14);
    session.dispose();
  });

  it('stops while no view or not the page is seen, and goes on after', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { session, source, visibility } = makeSession();
    source.rows = [{ id: 'a', status: 'RUNNING', start: Date.now() }];
    const view = session.openView({});
    await vi.waitFor(() => expect(source.readCount).toBe(1));
    view.isVisible = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(source.readCount).toBe(1);
    visibility.set(false);
    view.isVisible = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(source.readCount).toBe(1);
    visibility.set(true);
    await vi.waitFor(() => expect(source.readCount).toBe(2));
    session.dispose();
  });

  it('follows many commits by one reading', async () => {
    const { session, source } = makeSession();
    const view = session.openView({});
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    for (let index = 0; index < 20; index++) {
      session.onCommitted();
    }
    source.rows = [{ id: 'a' }];
    await vi.waitFor(() => expect(idsOf(view)).toEqual(['a']));
    expect(source.readCount).toBe(2);
    session.dispose();
  });

  it('is left out for a write that a kernel has just told', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', loss: 1 }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.receive(patchOf('a', { event: 'updated' }));
    session.onCommitted();
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.readCount).toBe(1);
    session.dispose();
  });
});

describe('what a kernel says', () => {
  it('is shown at once, without a question to the store', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', loss: 1 }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.receive(
      patchOf('b', { event: 'created', experimentId: '1', tags: TAGS })
    );
    session.receive(lossPatch('b', 0.5));
    expect(idsOf(view)).toEqual(['b', 'a']);
    expect(lossesOf(view)).toEqual([0.5, 1]);
    expect(session.liveCurve('b', 'loss')).toEqual([
      { step: 1, value: 0.5, timestampMs: 7 }
    ]);
    expect(source.readCount).toBe(1);
    session.dispose();
  });

  it('is not undone by an answer that was asked for before', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', loss: 1 }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    const release = source.hold();
    const refreshing = view.refresh();
    session.receive(lossPatch('a', 0.25));
    release();
    await refreshing;
    expect(lossesOf(view)).toEqual([0.25]);
    session.dispose();
  });

  it('is followed by one reading when a run ends', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', status: 'RUNNING' }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.receive(patchOf('a', { event: 'ended', status: 'FINISHED' }));
    await vi.waitFor(() => expect(source.readCount).toBe(2));
    session.dispose();
  });

  it('adds keys that the store has not heard of', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a' }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.receive(patchOf('a', { params: new Map([['lr', '0.1']]) }));
    expect(view.keys.params).toEqual([{ key: 'lr', count: 1 }]);
    session.dispose();
  });

  it('makes an absent store be asked for', () => {
    const { session, askConnection } = makeSession({
      connection: { state: 'absent' }
    });
    const view = session.openView(NOTEBOOK);
    session.receive(patchOf('b', { event: 'created', tags: TAGS }));
    expect(idsOf(view)).toEqual(['b']);
    expect(askConnection).toHaveBeenCalled();
    session.dispose();
  });

  it('keeps the value with the greatest step when an earlier one is written again', async () => {
    const { session, source } = makeSession();
    source.rows = [{ id: 'a', status: 'RUNNING' }];
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    const told: (number | undefined)[] = [];
    session.runChanged.connect((_, { metrics }) =>
      told.push(metrics.get('loss')?.value)
    );
    session.receive(lossPatch('a', 0.5, 1));
    session.receive(lossPatch('a', 0.25, 2));
    session.receive(lossPatch('a', 0.5, 1));
    expect(lossesOf(view)).toEqual([0.25]);
    expect(told).toEqual([0.5, 0.25, 0.25]);
    const curve = session.liveCurve('a', 'loss');
    expect(curve.map(({ step }) => step)).toEqual([1, 2]);
    session.dispose();
  });

  it('puts a point that comes late at its step of the curve', () => {
    const { session } = makeSession();
    session.receive(lossPatch('a', 0.5, 1));
    session.receive(lossPatch('a', 0.1, 9));
    session.receive(lossPatch('a', 0.3, 4));
    const curve = session.liveCurve('a', 'loss');
    expect(curve.map(({ value }) => value)).toEqual([0.5, 0.3, 0.1]);
    session.dispose();
  });

  it('is told to views once a frame', async () => {
    const { session } = makeSession();
    const view = session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(phase(view)).toBe('current'));
    session.receive(patchOf('b', { event: 'created', tags: TAGS }));
    let changes = 0;
    view.changed.connect(() => (changes += 1));
    for (let index = 0; index < 50; index++) {
      session.receive(lossPatch('b', index));
    }
    await vi.waitFor(() => expect(changes).toBe(1));
    expect(lossesOf(view)).toEqual([49]);
    session.dispose();
  });
});

describe('registrations', () => {
  it('are read after the rows, by run, with their aliases', async () => {
    const { session } = makeSession();
    session.openView({});
    await vi.waitFor(() => expect(session.registrations.size).toBe(1));
    const versions = session.registrations.get('a');
    expect(versions?.map(({ version }) => version)).toEqual(['1', '2']);
    expect(versions?.[1].aliases).toEqual(['champion']);
    session.dispose();
  });
});
