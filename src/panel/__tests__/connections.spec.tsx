import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorOfAnswer } from '../../mlflow/errors';
import type {
  Connection,
  ConnectionTest,
  IConnectionDesk,
  MaintenanceTask
} from '../../tokens';
import { ConnectionBody } from '../connectionbody';
import { ConnectionForm, hasPassword } from '../connectionform';
import { connectionGroups, offeredStore } from '../connectiongroups';
import { KeptState } from '../kept';
import { Maintenance } from '../maintenance';
import { stateSince } from '../places';

const trans = nullTranslator.load('');
const NOON = new Date(2026, 10, 20, 12, 0).getTime();

function connection(id: string, changes: Partial<Connection> = {}): Connection {
  return {
    id,
    label: `team · ${id}`,
    kind: 'remote',
    state: 'ready',
    storeId: id,
    isShared: true,
    message: null,
    sinceMs: NOON,
    pageUrl: null,
    source: 'administrator',
    canRemove: false,
    scheme: 'http',
    remedies: [],
    ...changes
  };
}

const WORKS: ConnectionTest = {
  isOk: true,
  diagnosis: 'ok',
  message: 'MLflow 3.17.2 answers.',
  remedy: null,
  mlflowVersion: '3.17.2'
};

function deskOf(changes: Partial<IConnectionDesk> = {}): IConnectionDesk {
  return {
    find: async () => [],
    add: async () => connection('added', { source: 'user' }),
    keep: async id => connection(id),
    remove: async () => undefined,
    restore: async id => connection(id),
    test: async () => WORKS,
    maintain: async () => 't1',
    task: async () => ({ state: 'done', message: '', connection: null }),
    log: async () => '',
    ...changes
  };
}

afterEach(() => vi.useRealTimers());

describe('the list of connections', () => {
  const all = [
    connection('default'),
    connection('mine', { source: 'user' }),
    connection('here', { source: 'notebook' }),
    connection('elsewhere', { source: 'notebook' }),
    connection('own', { source: 'kernel' }),
    connection('foreign', { source: 'kernel' })
  ];

  it('is grouped by who brought them, without those of other notebooks', () => {
    const groups = connectionGroups(all, {
      currentId: 'default',
      kernelId: 'own',
      besideIds: new Set(['here'])
    });
    expect(
      groups.map(group => [group.source, ...group.connections.map(c => c.id)])
    ).toEqual([
      ['administrator', 'default'],
      ['user', 'mine'],
      ['notebook', 'here'],
      ['kernel', 'own']
    ]);
  });

  it('is whole where there is no notebook', () => {
    const groups = connectionGroups(all, {
      currentId: null,
      kernelId: null,
      besideIds: null
    });
    expect(groups.flatMap(group => group.connections)).toHaveLength(6);
  });

  it('offers a store beside the notebook unless it is the one in use or declined', () => {
    const [current, , here] = all;
    const twin = connection('twin', { storeId: 'default' });
    expect(offeredStore([twin, here], current, () => false)).toBe(here);
    expect(offeredStore([here], here, () => false)).toBeNull();
    expect(offeredStore([here], current, () => true)).toBeNull();
  });
});

describe('the state of a connection', () => {
  it('is a word and a time', () => {
    expect(stateSince(connection('a'), trans)).toBe('ready since 12:00');
    const silent = connection('a', { state: 'unavailable' });
    expect(stateSince(silent, trans)).toBe('does not answer since 12:00');
  });
});

describe('“Not now”', () => {
  it('is remembered', () => {
    const items = new Map<string, string>();
    const storage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value)
    };
    new KeptState('k', storage).decline('offer:n:here');
    const again = new KeptState('k', storage);
    expect(again.isDeclined('offer:n:here')).toBe(true);
    expect(again.isDeclined('offer:n:other')).toBe(false);
  });
});

describe('the form of a connection', () => {
  const URI = 'https://ana:s3cret@mlflow.example.org';

  function markup(form: ConnectionForm): string {
    return renderToStaticMarkup(
      <ConnectionBody form={form} hasNotebook trans={trans} />
    );
  }

  it('knows a password in a URI', () => {
    expect(hasPassword(URI)).toBe(true);
    expect(hasPassword('postgresql://ana:x@db/mlflow')).toBe(true);
    expect(hasPassword('https://mlflow.example.org:5000/a@b')).toBe(false);
    expect(hasPassword('sqlite:///mlflow.db')).toBe(false);
  });

  it('covers a password and says who keeps it', () => {
    const form = new ConnectionForm(deskOf());
    form.edit({ trackingUri: URI });
    expect(markup(form)).toContain('type="password"');
    expect(markup(form)).toContain('readable only by you');
    form.edit({ trackingUri: 'sqlite:///mlflow.db' });
    expect(markup(form)).not.toContain('type="password"');
  });

  it('tells what is wrong and what to do, and forgets it after an edit', async () => {
    const test = async (): Promise<ConnectionTest> => ({
      ...WORKS,
      isOk: false,
      message: 'There is no host “mlfow”.',
      remedy: 'Look for a typing error.'
    });
    const form = new ConnectionForm(deskOf({ test }));
    form.edit({ trackingUri: 'http://mlfow' });
    const asked = form.test();
    expect(markup(form)).toContain('Testing…');
    await asked;
    expect(markup(form)).toContain(
      'There is no host “mlfow”. Look for a typing error.'
    );
    form.edit({ trackingUri: 'http://mlflow' });
    expect(form.state.test).toBeNull();
  });

  it('shows no answer to a text that was changed meanwhile', async () => {
    let answer: (test: ConnectionTest) => void = () => undefined;
    const test = () =>
      new Promise<ConnectionTest>(resolve => (answer = resolve));
    const form = new ConnectionForm(deskOf({ test }));
    form.edit({ trackingUri: 'http://a' });
    const asked = form.test();
    form.edit({ trackingUri: 'http://b' });
    answer(WORKS);
    await asked;
    expect(form.state).toMatchObject({ test: null, isTesting: false });
  });

  it('keeps what was typed where the server refuses it', async () => {
    const refusal = '{"message": "The administrator does not allow this."}';
    const add = () => Promise.reject(errorOfAnswer(403, refusal));
    const form = new ConnectionForm(deskOf({ add }));
    form.edit({ trackingUri: URI, label: 'team' });
    expect(await form.add()).toBeNull();
    expect(form.state).toMatchObject({
      error: 'The administrator does not allow this.',
      isAdding: false,
      draft: { trackingUri: URI, label: 'team' }
    });
  });

  it('sends what was typed once, without blanks, and forgets it', async () => {
    const add = vi.fn(async () => connection('added'));
    const form = new ConnectionForm(deskOf({ add }));
    form.edit({ trackingUri: ` ${URI} ` });
    expect((await form.add())?.id).toBe('added');
    expect(add).toHaveBeenCalledWith({
      trackingUri: URI,
      registryUri: '',
      label: ''
    });
    expect(JSON.stringify(form.state)).not.toContain('s3cret');
  });
});

describe('an upgrade', () => {
  function maintenance(desk: IConnectionDesk) {
    const refresh = vi.fn(async () => undefined);
    const model = {
      tracking: { desk: async () => desk, refresh },
      runs: { view: null }
    } as unknown as ConstructorParameters<typeof Maintenance>[0];
    return { made: new Maintenance(model, () => undefined), refresh };
  }

  it('is followed to its end, through a pause of the server', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answers: (MaintenanceTask | Error)[] = [
      { state: 'running', message: 'Backing up.', connection: null },
      errorOfAnswer(503, ''),
      { state: 'done', message: 'Backup: a.backup', connection: null }
    ];
    const task = async (): Promise<MaintenanceTask> => {
      const answer = answers.shift();
      if (!answer || answer instanceof Error) {
        throw answer;
      }
      return answer;
    };
    const { made, refresh } = maintenance(deskOf({ task }));
    const end = made.maintain(connection('a'), 'upgrade');
    await vi.advanceTimersByTimeAsync(0);
    expect(made.taskOf('a')?.message).toBe('Backing up.');
    await vi.advanceTimersByTimeAsync(3000);
    await end;
    expect(made.taskOf('a')).toMatchObject({
      state: 'done',
      message: 'Backup: a.backup'
    });
    expect(refresh).toHaveBeenCalled();
    made.close('a');
    expect(made.taskOf('a')).toBeNull();
  });

  it('that is refused says why', async () => {
    const body = '{"message": "Another one is at work."}';
    const maintain = () => Promise.reject(errorOfAnswer(409, body));
    const { made } = maintenance(deskOf({ maintain }));
    await made.maintain(connection('a'), 'upgrade');
    expect(made.taskOf('a')).toMatchObject({
      state: 'failed',
      message: 'Another one is at work.'
    });
  });
});
