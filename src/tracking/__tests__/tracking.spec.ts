import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { IConnections, ServerStatus } from '../../gateway/connections';
import { errorOfAnswer, NetworkError } from '../../mlflow/errors';
import { ColumnStore } from '../../store/columnstore';
import { NO_KEYS } from '../../store/sync';
import type { Connection } from '../../tokens';
import { changedConnection } from '../changes';
import { Memory } from '../remembered';
import { Session } from '../session';
import { Tracking } from '../tracking';
import {
  connectionOf,
  FakeVisibility,
  makeSession,
  tableOfRows
} from './fakes';

afterEach(() => vi.useRealTimers());

function storageOf(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value)
  };
}

function statusOf(...connections: Connection[]): ServerStatus {
  return {
    version: '0.1.0',
    mlflowVersion: '3.17.2',
    user: 'u1',
    defaultConnection: 'default',
    defaultExperiment: 'notebook',
    mayAdd: true,
    connections
  };
}

let count = 0;

function makeTracking(
  status: () => Promise<ServerStatus>,
  storage = storageOf(),
  store = new ColumnStore(`t-${count++}`)
) {
  const asked = vi.fn(status);
  const connections: IConnections = {
    status: asked,
    connectionOfKernel: async () => connectionOf({ id: 'k', storeId: 's9' }),
    kernelPart: async () => new Uint8Array()
  };
  const parts = makeSession();
  const tracking = new Tracking({
    connections,
    memory: new Memory(storage, '/'),
    visibility: new FakeVisibility(),
    loadParts: async () => ({
      openStore: () => store,
      openSession: (state, askConnection) =>
        new Session({
          state,
          client: parts.session.client,
          backgroundClient: parts.session.client,
          source: parts.source,
          visibility: parts.visibility,
          trans: parts.session.trans,
          artifactAddress: (runId, path) => `${runId}/${path}`,
          askConnection
        }),
      openDesk: () => {
        throw new Error('not opened here');
      }
    })
  });
  return { tracking, asked, source: parts.source, store };
}

describe('tracking', () => {
  it('opens the default connection when the server has answered', async () => {
    const { tracking } = makeTracking(async () => statusOf(connectionOf()));
    expect(tracking.session).toBeNull();
    expect(tracking.hasServer).toBeNull();
    await vi.waitFor(() => expect(tracking.hasServer).toBe(true));
    expect(tracking.session?.connection.id).toBe('default');
    expect(tracking.sessionOf('default')).toBe(tracking.session);
    tracking.dispose();
  });

  it('opens the last connection before the server has answered', async () => {
    const storage = storageOf();
    const first = makeTracking(async () => statusOf(connectionOf()), storage);
    await vi.waitFor(() => expect(first.tracking.hasServer).toBe(true));
    first.tracking.dispose();
    const never = () => new Promise<ServerStatus>(() => undefined);
    const { tracking } = makeTracking(never, storage);
    await vi.waitFor(() =>
      expect(tracking.session?.connection.storeId).toBe('s1')
    );
    tracking.dispose();
  });

  it('drops the rows of a store that the connection no longer leads to', async () => {
    const storage = storageOf();
    const store = new ColumnStore('dropped');
    const cached = {
      table: tableOfRows([{ id: 'a' }]),
      keys: NO_KEYS,
      asOfMs: 1
    };
    await store.writeTable('s1', {}, cached);
    new Memory(storage, '/').write(statusOf(connectionOf()), null);
    const moved = connectionOf({ storeId: 's2' });
    const { tracking, source } = makeTracking(
      async () => statusOf(moved),
      storage,
      store
    );
    source.rows = [{ id: 'b' }];
    await vi.waitFor(() => expect(tracking.session).not.toBeNull());
    const view = tracking.session?.openView({});
    await vi.waitFor(() =>
      expect([...(view?.table.rows.keys() ?? [])]).toEqual(['b'])
    );
    expect(await store.readTable('s1', {})).toBeNull();
    tracking.dispose();
  });

  it('says that the server part is missing', async () => {
    const { tracking } = makeTracking(() =>
      Promise.reject(errorOfAnswer(404, '<html>'))
    );
    await vi.waitFor(() => expect(tracking.hasServer).toBe(false));
    tracking.dispose();
  });

  it('asks again when the server does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const answers = [
      Promise.reject(new NetworkError('no')),
      Promise.resolve(statusOf(connectionOf()))
    ];
    answers[0].catch(() => undefined);
    const { tracking, asked } = makeTracking(() => answers.shift()!);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
    expect(tracking.hasServer).toBeNull();
    await vi.advanceTimersByTimeAsync(3000);
    expect(tracking.hasServer).toBe(true);
    tracking.dispose();
  });

  it('follows the connection of a kernel and remembers a choice', async () => {
    const storage = storageOf();
    const other = connectionOf({ id: 'team', storeId: 's7' });
    const status = async () => statusOf(connectionOf(), other);
    const { tracking } = makeTracking(status, storage);
    await tracking.refresh();
    expect((await tracking.connectionOfKernel('x'))?.id).toBe('k');
    await vi.waitFor(() =>
      expect(tracking.sessionOf('k')?.connection.storeId).toBe('s9')
    );
    await tracking.select('team');
    expect(tracking.session?.connection.id).toBe('team');
    tracking.dispose();
    const again = makeTracking(status, storage);
    await vi.waitFor(() =>
      expect(again.tracking.session?.connection.id).toBe('team')
    );
    again.tracking.dispose();
  });
});

describe('a Jupyter event', () => {
  it('names the connection that was written to', () => {
    const event = {
      schema_id: 'https://events.jupyterlab-experiments.dev/store-changed/v1',
      connection_id: 'default',
      sequence: 3
    };
    expect(changedConnection(event)).toBe('default');
    expect(changedConnection({ ...event, schema_id: 'other' })).toBeNull();
    expect(changedConnection(null)).toBeNull();
  });
});
