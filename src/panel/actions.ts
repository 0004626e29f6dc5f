import type { TranslationBundle } from '@jupyterlab/translation';
import { Notification } from '@jupyterlab/apputils';
import type { Run, RunId } from '../mlflow/entities';
import { TagKeys, note, userTags } from '../mlflow/tags';
import type { RunPatch } from '../runtable/patch';
import { patchOf } from '../runtable/patch';
import type { ISession } from '../tokens';
import { askName, askText } from '../ui/askname';
import { patchOfRun } from './runfacts';
import { parseTags, printTags } from './tagtext';

const UNDO_MS = 10_000;

/** What a person does to runs; shown at once, then written. */
export class RunActions {
  constructor(private readonly _trans: TranslationBundle) {}

  async rename(session: ISession, runId: RunId): Promise<void> {
    const trans = this._trans;
    const run = await session.client.getRun(runId);
    const name = await askName(
      {
        title: trans.__('Rename run'),
        label: trans.__('Name'),
        okLabel: trans.__('Rename'),
        text: run.runName
      },
      trans
    );
    if (name?.trim()) {
      const runName = name.trim();
      await this._write(session, patchOf(runId, { runName }), () =>
        session.client.updateRun(runId, { runName })
      );
    }
  }

  async editNote(session: ISession, runId: RunId): Promise<void> {
    const trans = this._trans;
    const run = await session.client.getRun(runId);
    const text = await askText(
      {
        title: trans.__('Note of %1', run.runName),
        label: trans.__('Note, in Markdown'),
        okLabel: trans.__('Save'),
        text: note(run)
      },
      trans
    );
    if (text !== null) {
      await this._setTags(session, runId, new Map([[TagKeys.note, text]]));
    }
  }

  /** Tags of one run whole; of several, tags to add to each. */
  async editTags(session: ISession, runIds: readonly RunId[]): Promise<void> {
    const trans = this._trans;
    const run =
      runIds.length === 1 ? await session.client.getRun(runIds[0]) : null;
    const text = await askText(
      {
        title: run
          ? trans.__('Tags of %1', run.runName)
          : trans._n('Tag %1 run', 'Tag %1 runs', runIds.length),
        label: trans.__('One tag a line: key=value'),
        okLabel: trans.__('Save'),
        text: run ? printTags(userTags(run.tags)) : ''
      },
      trans
    );
    if (text !== null) {
      const tags = parseTags(text);
      await Promise.all(
        runIds.map(runId => this._setTags(session, runId, tags))
      );
      await this._removeTags(session, run, tags);
    }
  }

  /** Delete runs; a notification offers to undo it for ten seconds. */
  async remove(session: ISession, runIds: readonly RunId[]): Promise<void> {
    const trans = this._trans;
    await Promise.all(
      runIds.map(runId =>
        this._write(session, patchOf(runId, { event: 'deleted' }), () =>
          session.client.deleteRun(runId)
        )
      )
    );
    Notification.success(
      trans._n('Deleted %1 run.', 'Deleted %1 runs.', runIds.length),
      {
        autoClose: UNDO_MS,
        actions: [
          {
            label: trans.__('Undo'),
            callback: () => void this.restore(session, runIds)
          }
        ]
      }
    );
  }

  async restore(session: ISession, runIds: readonly RunId[]): Promise<void> {
    await Promise.all(runIds.map(runId => this._restore(session, runId)));
  }

  /** The rows have lost the run: it is read, shown, then restored. */
  private async _restore(session: ISession, runId: RunId): Promise<void> {
    const run = await session.client.getRun(runId);
    await this._write(session, patchOfRun(run, 'restored'), () =>
      session.client.restoreRun(runId)
    );
  }

  /** Set runs that their kernels left open to stopped. */
  async markStopped(
    session: ISession,
    runIds: readonly RunId[]
  ): Promise<void> {
    const endTimeMs = Date.now();
    await Promise.all(
      runIds.map(runId =>
        this._write(
          session,
          patchOf(runId, { event: 'ended', status: 'KILLED', endTimeMs }),
          () => session.client.updateRun(runId, { status: 'KILLED', endTimeMs })
        )
      )
    );
  }

  private async _setTags(
    session: ISession,
    runId: RunId,
    tags: ReadonlyMap<string, string>
  ): Promise<void> {
    await this._write(session, patchOf(runId, { tags }), async () => {
      for (const [key, value] of tags) {
        await session.client.setTag(runId, key, value);
      }
    });
  }

  private async _removeTags(
    session: ISession,
    run: Run | null,
    kept: ReadonlyMap<string, string>
  ): Promise<void> {
    const gone = userTags(run?.tags ?? [])
      .map(({ key }) => key)
      .filter(key => !kept.has(key));
    if (!run || gone.length === 0) {
      return;
    }
    const patch = patchOf(run.runId, { deletedTags: gone });
    await this._write(session, patch, async () => {
      for (const key of gone) {
        await session.client.deleteTag(run.runId, key);
      }
    });
  }

  /** Show it, write it; say so where it was not written. */
  private async _write(
    session: ISession,
    patch: RunPatch,
    write: () => Promise<void>
  ): Promise<void> {
    session.receive(patch);
    try {
      await write();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      Notification.error(
        this._trans.__('Not saved: %1 Nothing was changed.', reason),
        { autoClose: false }
      );
      session.receive(await unpatched(session, patch));
    }
  }
}

/** What takes a patch back: the run as the store still has it. */
async function unpatched(
  session: ISession,
  patch: RunPatch
): Promise<RunPatch> {
  const back = patch.event === 'deleted' ? 'restored' : 'deleted';
  if (patch.event === 'deleted' || patch.event === 'restored') {
    return patchOf(patch.runId, { event: back });
  }
  const run = await session.client.getRun(patch.runId);
  return patchOf(patch.runId, {
    runName: run.runName,
    status: run.status,
    tags: new Map(run.tags.map(({ key, value }) => [key, value]))
  });
}
