import { describe, expect, it } from 'vitest';
import { patchOf } from '../../runtable/patch';
import { RunPageModel } from '../model';
import { commitWord } from '../words';
import { FakeSession, runOf, until } from './fakesession';

async function pageOf(session: FakeSession): Promise<RunPageModel> {
  const model = new RunPageModel(session.asSession(), 'b');
  await until(model.changed, () => {
    const { run } = model;
    return (
      run !== null &&
      model.models.of(run) !== null &&
      model.artifacts.files() !== null &&
      model.curves.points('val_accuracy') !== null
    );
  });
  return model;
}

describe('RunPageModel', () => {
  it('tells what changed since the run before', async () => {
    const model = await pageOf(new FakeSession([runOf()]));
    const since = model.neighbours.since(runOf());
    expect(since?.before.runId).toBe('a');
    expect(since?.difference).toMatchObject({
      params: [{ key: 'learning_rate', before: '0.0003', after: '0.003' }],
      metrics: [{ key: 'val_accuracy', verdict: 'better' }]
    });
  });

  it('grows a curve by what the kernel sends, without asking the store', async () => {
    const session = new FakeSession([runOf({ status: 'RUNNING' })]);
    const model = await pageOf(session);
    session.receive(
      patchOf('b', {
        metrics: new Map([
          [
            'val_accuracy',
            {
              value: 0.99,
              step: 4,
              timestampMs: 9,
              points: [
                { step: 3, value: 0.98 },
                { step: 4, value: 0.99 }
              ]
            }
          ]
        ])
      })
    );
    expect(model.run?.metrics[0].value).toBe(0.99);
    expect(
      model.curves.points('val_accuracy')?.map(point => point.step)
    ).toEqual([0, 1, 2, 3, 4]);
  });

  it('writes a name, a note and tags, and tells the session', async () => {
    const session = new FakeSession([runOf()]);
    const model = await pageOf(session);
    let edits = 0;
    model.edited.connect(() => edits++);
    await model.rename('best');
    await model.setNote('**good**');
    await model.setNote('');
    await model.deleteTag('stage');
    expect(session.calls).toEqual([
      'rename b best',
      'set b mlflow.note.content **good**',
      'delete b mlflow.note.content',
      'delete b stage'
    ]);
    expect(model.run?.runName).toBe('best');
    expect(model.run?.tags.map(tag => tag.key)).toEqual([
      'jupyter.notebook_id'
    ]);
    expect(edits).toBe(4);
  });

  it('keeps what it shows when the store refuses a change', async () => {
    const session = new FakeSession([runOf()]);
    session.client.setTag = async () => {
      throw new Error('You may not write (403).');
    };
    const model = await pageOf(session);
    await model.setTag('a', 'b');
    expect(model.error).toBe('You may not write (403).');
    expect(model.run?.tags).toHaveLength(2);
  });

  it('shows another run in the same page', async () => {
    const session = new FakeSession([
      runOf(),
      runOf({ runId: 'a', runName: 'earlier' })
    ]);
    const model = await pageOf(session);
    await model.open('a');
    expect(model.run?.runName).toBe('earlier');
    expect(model.neighbours.since(runOf({ runId: 'a' }))).toBeNull();
  });

  it('gives its view back', async () => {
    const session = new FakeSession([runOf()]);
    const model = await pageOf(session);
    expect(session.openViews).toBe(1);
    model.dispose();
    expect(session.openViews).toBe(0);
  });
});

describe('commitWord', () => {
  it('marks uncommitted changes', () => {
    const tags = [
      { key: 'mlflow.source.git.commit', value: '3f1a9c2aaaa' },
      { key: 'mlflow.source.git.branch', value: 'main' },
      { key: 'mlflow.source.git.dirty', value: 'true' }
    ];
    expect(commitWord(runOf({ tags }))).toBe('main 3f1a9c2 *');
    expect(commitWord(runOf())).toBeNull();
  });
});
