import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IIdentityStore } from '../../store/identitystore';
import { openIdentityStore } from '../../store/identitystore';
import { NotebookIdentity } from '../identity';
import { readNotebookId, withNotebookId } from '../notebookid';

const FIRST = 'aaaaaaaa-1111';

let store: IIdentityStore;
let scope = 0;

/** A notebook in an open page; `there` are the notebooks that still exist. */
function open(
  metadata: unknown = undefined,
  there: Readonly<Record<string, string>> = {}
): { identity: NotebookIdentity; written: () => unknown } {
  let kept = metadata;
  const identity = new NotebookIdentity({
    store,
    readMetadata: () => kept,
    writeMetadata: value => {
      kept = value;
    },
    isNotebookAt: async (path, id) => there[path] === id
  });
  return { identity, written: () => kept };
}

beforeEach(() => {
  store = openIdentityStore(`test ${scope++}`);
});

describe('NotebookIdentity', () => {
  it('gives a notebook the same id when it is opened again', async () => {
    const before = open().identity;
    await before.resolve('a.ipynb');
    const after = open().identity;
    await after.resolve('a.ipynb');
    expect(after.id).toBe(before.id);
  });

  it('writes nothing into a notebook that is merely opened', async () => {
    const { identity, written } = open();
    await identity.resolve('a.ipynb');
    expect(written()).toBeUndefined();
  });

  it('writes the id with the first run, beside what is there', async () => {
    const { identity, written } = open({ view: 'wide' });
    await identity.resolve('a.ipynb');
    identity.write();
    expect(written()).toEqual({ view: 'wide', notebook_id: identity.id });
  });

  it('believes the metadata of a notebook', async () => {
    const { identity } = open({ notebook_id: FIRST });
    await identity.resolve('a.ipynb');
    expect(identity.id).toBe(FIRST);
  });

  it('gives a copy a new id while the first still exists', async () => {
    await store.set('a.ipynb', FIRST);
    const there = { 'a.ipynb': FIRST };
    const { identity, written } = open({ notebook_id: FIRST }, there);
    await identity.resolve('a-Copy1.ipynb');
    expect(identity.id).not.toBe(FIRST);
    identity.write();
    expect(written()).toEqual({ notebook_id: identity.id });
    expect(await store.get('a.ipynb')).toBe(FIRST);
  });

  it('gives a copy the same new id when it is opened again', async () => {
    await store.set('a.ipynb', FIRST);
    const there = { 'a.ipynb': FIRST };
    const before = open({ notebook_id: FIRST }, there).identity;
    await before.resolve('b.ipynb');
    const after = open({ notebook_id: FIRST }, there).identity;
    await after.resolve('b.ipynb');
    expect(after.id).toBe(before.id);
  });

  it('keeps the id of a notebook that was moved, even outside', async () => {
    await store.set('a.ipynb', FIRST);
    const { identity } = open({ notebook_id: FIRST });
    await identity.resolve('b.ipynb');
    expect(identity.id).toBe(FIRST);
    expect(await store.pathOf(FIRST)).toBe('b.ipynb');
  });

  it('keeps the id through a rename before the first run', async () => {
    const { identity } = open();
    await identity.resolve('Untitled.ipynb');
    const { id } = identity;
    await store.move('Untitled.ipynb', 'digits.ipynb');
    await identity.resolve('digits.ipynb');
    expect(identity.id).toBe(id);
    const fresh = open().identity;
    await fresh.resolve('Untitled.ipynb');
    expect(fresh.id).not.toBe(id);
  });

  it('parts from the notebook that “Save as” leaves behind', async () => {
    const there = { 'a.ipynb': FIRST };
    const { identity } = open({ notebook_id: FIRST }, there);
    await identity.resolve('a.ipynb');
    await identity.resolve('b.ipynb');
    expect(identity.id).not.toBe(FIRST);
  });

  it('keeps an id that a cell asked for before it was found out', async () => {
    await store.set('a.ipynb', FIRST);
    const { identity } = open();
    const asked = identity.id;
    await identity.resolve('a.ipynb');
    expect(identity.id).toBe(asked);
  });

  it('takes the id of a living kernel where nothing else speaks', async () => {
    const { identity } = open();
    await identity.resolve('a.ipynb');
    expect(await identity.adopt('live-kernel-id', 'a.ipynb')).toBe(true);
    expect(identity.id).toBe('live-kernel-id');
    expect(await store.get('a.ipynb')).toBe('live-kernel-id');
  });

  it('does not take the id of a kernel that it shares', async () => {
    await store.set('other.ipynb', FIRST);
    const { identity } = open();
    await identity.resolve('a.ipynb');
    expect(await identity.adopt(FIRST, 'a.ipynb')).toBe(false);
    expect(await identity.adopt('', 'a.ipynb')).toBe(false);
  });

  it('keeps the id of its metadata against a kernel', async () => {
    const { identity } = open({ notebook_id: FIRST });
    await identity.resolve('a.ipynb');
    expect(await identity.adopt('live-kernel-id', 'a.ipynb')).toBe(false);
  });
});

describe('readNotebookId', () => {
  it.each([
    [null],
    ['text'],
    [[]],
    [{ notebook_id: 7 }],
    [{ notebook_id: '<b>' }]
  ])('finds none in %j', metadata => {
    expect(readNotebookId(metadata)).toBeNull();
  });

  it('reads what was written', () => {
    expect(readNotebookId(withNotebookId([], FIRST))).toBe(FIRST);
  });
});
