import type { Contents } from '@jupyterlab/services';
import { CONTRACT } from '../contract';
import type { IIdentityStore } from '../store/identitystore';
import { readNotebookId } from './notebookid';

/** The part of the contents service that is asked. */
export type NotebookFiles = Pick<
  Contents.IManager,
  'get' | 'localPath' | 'fileChanged'
>;

/** Is a notebook that bears this id in the file at a path? */
export async function isNotebookFile(
  files: NotebookFiles,
  path: string,
  id: string
): Promise<boolean> {
  try {
    const file = await files.get(path, { type: 'notebook', content: true });
    const metadata = file.content?.metadata;
    return readNotebookId(metadata?.[CONTRACT.notebookMetadataKey]) === id;
  } catch {
    // No such file, or none that can be read: no notebook is there.
    return false;
  }
}

/** Keep the ids with their files, as files are renamed, made and deleted. */
export class IdentityFollower {
  constructor(
    private readonly _files: NotebookFiles,
    private readonly _store: IIdentityStore
  ) {
    _files.fileChanged.connect(this._onFileChanged, this);
  }

  private _onFileChanged(_: unknown, change: Contents.IChangedArgs): void {
    const from = this._pathOf(change.oldValue);
    const to = this._pathOf(change.newValue);
    if (change.type === 'rename' && from && to) {
      void this._store.move(from, to);
    } else if (change.type === 'delete' && from) {
      void this._store.forget(from);
    } else if (change.type === 'new' && to) {
      // Another file than the one that was at this path before.
      void this._store.forget(to);
    }
  }

  private _pathOf(file: Partial<Contents.IModel> | null): string | null {
    return file?.path ? this._files.localPath(file.path) : null;
  }
}
