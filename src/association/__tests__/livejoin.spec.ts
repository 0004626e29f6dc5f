import { Signal } from '@lumino/signaling';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveMessage } from '../../kernel/messages';
import type { RunPatch } from '../../runtable/patch';
import { LiveJoin } from '../livejoin';
import type { IOpenNotebooks, Received } from '../notebookruns';

const PATCH: RunPatch = {
  runId: 'r',
  event: 'created',
  metrics: new Map(),
  params: new Map(),
  tags: new Map(),
  deletedTags: [],
  models: []
};

let joined: LiveJoin;

afterEach(() => joined.dispose());

/** A notebook whose kernel logs to `place`, known at once or `later`. */
function join(
  place: string | null,
  later?: string
): {
  say: (message: LiveMessage) => Promise<void>;
  heard: string[];
  setCode: (isThere: boolean) => void;
} {
  const heard: string[] = [];
  const emitter = {} as { received: Signal<unknown, Received> };
  emitter.received = new Signal<unknown, Received>(emitter);
  const notebook = {
    runsConnectionId: place,
    writeIdentity: () => heard.push('id written'),
    connectionFound: Promise.resolve()
  };
  notebook.connectionFound = Promise.resolve().then(() => {
    notebook.runsConnectionId = place ?? later ?? null;
  });
  let hasCode = true;
  const sessionOf = (id: string): unknown =>
    hasCode
      ? {
          receive: (patch: RunPatch) => heard.push(`${patch.runId} in ${id}`),
          refreshRegistrations: async () => heard.push(`registry of ${id}`)
        }
      : null;
  const tracking = { sessionOf, changed: new Signal<object, void>({}) };
  joined = new LiveJoin(
    emitter as unknown as IOpenNotebooks,
    tracking as unknown as ConstructorParameters<typeof LiveJoin>[1]
  );
  const setCode = (isThere: boolean): void => {
    hasCode = isThere;
    tracking.changed.emit();
  };
  const say = async (message: LiveMessage): Promise<void> => {
    emitter.received.emit({ notebook, message } as unknown as Received);
    await notebook.connectionFound;
  };
  return { say, heard, setCode };
}

describe('LiveJoin', () => {
  it('keeps what arrives before the code of sessions is there', async () => {
    const { say, heard, setCode } = join('default');
    setCode(false);
    await say({ kind: 'run', connectionId: 'team', patch: PATCH });
    expect(heard).toEqual(['id written']);
    setCode(true);
    expect(heard).toEqual(['id written', 'r in team']);
  });

  it('brings a run to the connection that its message names', async () => {
    const { say, heard } = join('default');
    await say({ kind: 'run', connectionId: 'team', patch: PATCH });
    expect(heard).toEqual(['id written', 'r in team']);
  });

  it('brings a run of no named connection to that of the notebook', async () => {
    const { say, heard } = join('default');
    await say({ kind: 'run', connectionId: null, patch: PATCH });
    expect(heard).toContain('r in default');
  });

  it('waits until the connection of an own tracking URI is known', async () => {
    const { say, heard } = join(null, 'found');
    await say({ kind: 'run', connectionId: null, patch: PATCH });
    expect(heard).toContain('r in found');
  });

  it('shows no run of a store that is not on offer here', async () => {
    const { say, heard } = join(null);
    await say({ kind: 'run', connectionId: null, patch: PATCH });
    expect(heard).toEqual(['id written']);
  });

  it('does not write an id because a run was deleted', async () => {
    const { say, heard } = join('default');
    const patch: RunPatch = { ...PATCH, event: 'deleted' };
    await say({ kind: 'run', connectionId: null, patch });
    expect(heard).toEqual(['r in default']);
  });

  it('has registrations read again when a version was registered', async () => {
    const { say, heard } = join('default');
    const notice = { name: 'digits', version: '1', runId: 'r' };
    await say({ kind: 'registry', notice });
    expect(heard).toEqual(['registry of default']);
  });
});
