import 'fake-indexeddb/auto';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { openIdentityStore } from '../../store/identitystore';
import type { NotebookFiles } from '../notebookfiles';
import { IdentityFollower, isNotebookFile } from '../notebookfiles';

const ID = 'aaaaaaaa-1111';

function files(metadata: unknown): NotebookFiles {
  const contents = {
    localPath: (path: string) => path.replace(/^RTC:/, ''),
    get: async (path: string) => {
      if (path !== 'a.ipynb') {
        throw new Error('404');
      }
      return { content: { metadata } };
    }
  };
  const fileChanged = new Signal<object, unknown>(contents);
  return { ...contents, fileChanged } as unknown as NotebookFiles;
}

describe('isNotebookFile', () => {
  it('looks for the id in the file', async () => {
    const there = files({ experiments: { notebook_id: ID } });
    expect(await isNotebookFile(there, 'a.ipynb', ID)).toBe(true);
    expect(await isNotebookFile(there, 'a.ipynb', 'another-id')).toBe(false);
    expect(await isNotebookFile(there, 'gone.ipynb', ID)).toBe(false);
    expect(await isNotebookFile(files({}), 'a.ipynb', ID)).toBe(false);
  });
});

describe('IdentityFollower', () => {
  it('keeps ids with their files', async () => {
    const store = openIdentityStore('follower');
    const contents = files({});
    new IdentityFollower(contents, store);
    const changed = contents.fileChanged as Signal<unknown, unknown>;
    await store.set('lab/a.ipynb', ID);
    changed.emit({
      type: 'rename',
      oldValue: { path: 'RTC:lab' },
      newValue: { path: 'RTC:work' }
    });
    expect(await store.pathOf(ID)).toBe('work/a.ipynb');
    changed.emit({
      type: 'new',
      oldValue: null,
      newValue: { path: 'work/a.ipynb' }
    });
    expect(await store.get('work/a.ipynb')).toBeNull();
  });
});
