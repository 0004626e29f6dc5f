import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorOfAnswer, NetworkError } from '../../mlflow/errors';
import type { IRunView } from '../../tokens';
import { nextRetryMs } from '../pace';
import { makeSession, NOTEBOOK } from './fakes';

describe('a retry', () => {
  it('comes after 1, 2, 4 … 60 seconds', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50].map(n => nextRetryMs(n, 0.5));
    expect(waits.map(ms => ms / 1000)).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60
    ]);
  });

  it('comes a fifth earlier or later, so that pages part', () => {
    expect([nextRetryMs(3, 0), nextRetryMs(3, 1)]).toEqual([3200, 4800]);
  });

  it('never comes before the server wants it', () => {
    const busy = errorOfAnswer(429, '', '30');
    expect(nextRetryMs(1, 0, busy)).toBe(30_000);
    expect(nextRetryMs(1, 1, busy)).toBe(36_000);
    expect(nextRetryMs(1, 0, errorOfAnswer(429, '', '1e9'))).toBe(3_600_000);
  });
});

describe('a store that goes away', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date']
    });
    // No jitter.
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** A session whose store has answered once with one row. */
  async function shown() {
    const made = makeSession();
    made.source.rows = [{ id: 'a' }];
    const view = made.session.openView(NOTEBOOK);
    await vi.waitFor(() => expect(view.freshness.phase).toBe('current'));
    return { ...made, view };
  }

  async function failed(view: IRunView): Promise<void> {
    await view.refresh();
    expect(view.freshness.phase).toBe('stale');
  }

  it('leaves the rows, with the time of its last word and of the next try', async () => {
    const { session, source, view } = await shown();
    const asOfMs = view.freshness.asOfMs;
    source.failure = new NetworkError('no');
    await vi.advanceTimersByTimeAsync(2500);
    await failed(view);
    expect(view.table.rowCount).toBe(1);
    expect(view.freshness).toMatchObject({
      asOfMs,
      isAnswering: false,
      nextTryMs: Date.now() + 1000
    });
    session.dispose();
  });

  it('is asked more and more rarely, and shown as soon as it answers', async () => {
    const { session, source, view } = await shown();
    source.failure = new NetworkError('no');
    await failed(view);
    const { readCount } = source;
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000 + 500);
    expect(source.readCount - readCount).toBe(3);
    source.failure = null;
    await vi.advanceTimersByTimeAsync(8000);
    expect(view.freshness.phase).toBe('current');
    session.dispose();
  });

  it('is not asked while the page is hidden, and at once when it is seen', async () => {
    const { session, source, view, visibility } = await shown();
    source.failure = new NetworkError('no');
    await failed(view);
    visibility.set(false);
    const { readCount } = source;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(source.readCount).toBe(readCount);
    source.failure = null;
    visibility.set(true);
    await vi.waitFor(() => expect(view.freshness.phase).toBe('current'));
    session.dispose();
  });

  it('is asked at once when the network is there again', async () => {
    const { session, source, view, visibility } = await shown();
    source.failure = new NetworkError('no');
    for (let count = 0; count < 6; count++) {
      await failed(view);
    }
    source.failure = null;
    visibility.online.emit();
    await vi.waitFor(() => expect(view.freshness.phase).toBe('current'));
    session.dispose();
  });

  it('that asks to wait is left alone for that long', async () => {
    const { session, source, view } = await shown();
    source.failure = errorOfAnswer(429, '', '40');
    await failed(view);
    expect(view.freshness).toMatchObject({
      isAnswering: true,
      error: 'local · mlflow.db asks for fewer requests (429).'
    });
    const { readCount } = source;
    await vi.advanceTimersByTimeAsync(39_000);
    expect(source.readCount).toBe(readCount);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(source.readCount).toBe(readCount + 1);
    session.dispose();
  });
});
