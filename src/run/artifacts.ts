import type { ArtifactFile, RunId } from '../mlflow/entities';
import type { ISession } from '../tokens';

/** Artifacts of one run by name; folders are read when they are opened. */
export class Artifacts {
  constructor(
    private readonly _session: ISession,
    private readonly _onChanged: () => void
  ) {}

  /** Files of a folder, '' for the run's own; null while they are not known. */
  files(folder = ''): readonly ArtifactFile[] | null {
    return this._folders.get(folder) ?? null;
  }

  isOpen(folder: string): boolean {
    return this._open.has(folder);
  }

  toggle(folder: string): void {
    if (!this._open.delete(folder)) {
      this._open.add(folder);
      this._readAgain(folder);
    }
    this._onChanged();
  }

  /** Where the browser itself finds one; a folder is a zip there. */
  address(path: string): string | null {
    return this._runId && this._session.artifactAddress(this._runId, path);
  }

  async load(runId: RunId): Promise<void> {
    this._runId = runId;
    await this._read('');
  }

  clear(): void {
    this._runId = null;
    this._folders.clear();
    this._open.clear();
  }

  private _readAgain(folder: string): void {
    this._read(folder).catch(error => {
      console.warn(`experiments: ${folder} cannot be listed`, error);
      this._open.delete(folder);
      this._onChanged();
    });
  }

  private async _read(folder: string): Promise<void> {
    const runId = this._runId;
    if (runId === null) {
      return;
    }
    const files = await this._session.client.listArtifacts(runId, folder);
    if (runId === this._runId) {
      this._folders.set(folder, files);
      this._onChanged();
    }
  }

  private readonly _folders = new Map<string, readonly ArtifactFile[]>();
  private readonly _open = new Set<string>();
  private _runId: RunId | null = null;
}
