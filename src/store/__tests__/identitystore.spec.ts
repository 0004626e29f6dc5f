import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { openIdentityStore } from '../identitystore';

describe('identity store', () => {
  it('keeps ids and choices beyond the page', async () => {
    const choice = { connectionId: 'team', experimentName: 'churn' };
    const before = openIdentityStore('kept');
    await before.set('a.ipynb', 'id-a');
    await before.choose('id-a', choice);
    const after = openIdentityStore('kept');
    expect(await after.get('a.ipynb')).toBe('id-a');
    expect(await after.pathOf('id-a')).toBe('a.ipynb');
    expect(await after.choiceOf('id-a')).toEqual(choice);
  });

  it('sees at once what another tab has renamed', async () => {
    const [here, there] = [
      openIdentityStore('tabs'),
      openIdentityStore('tabs')
    ];
    await here.set('a.ipynb', 'id-a');
    await there.move('a.ipynb', 'b.ipynb');
    expect(await here.get('b.ipynb')).toBe('id-a');
    expect(await here.get('a.ipynb')).toBeNull();
  });

  it('tells servers of one origin apart', async () => {
    await openIdentityStore('one').set('a.ipynb', 'id-a');
    expect(await openIdentityStore('two').get('a.ipynb')).toBeNull();
  });

  it('knows an id at one path only', async () => {
    const store = openIdentityStore('paths');
    await store.set('a.ipynb', 'id-a');
    await store.set('b.ipynb', 'id-a');
    expect(await store.get('a.ipynb')).toBeNull();
  });

  it('moves and forgets what lies in a folder, and nothing beside it', async () => {
    const store = openIdentityStore('folders');
    await store.set('lab/a.ipynb', 'id-a');
    await store.set('lab2/b.ipynb', 'id-b');
    await store.move('lab', 'work');
    expect(await store.get('work/a.ipynb')).toBe('id-a');
    await store.forget('work');
    expect(await store.get('work/a.ipynb')).toBeNull();
    expect(await store.get('lab2/b.ipynb')).toBe('id-b');
  });
});
