import { UUID } from '@lumino/coreutils';
import type { IIdentityStore } from '../store/identitystore';
import { readNotebookId, withNotebookId } from './notebookid';

/** What speaks for a notebook's id. */
export type IdentityEvidence = Readonly<{
  /** Id in the notebook's own metadata. */
  metadataId: string | null;
  /** That id belongs to a notebook that still is at another path. */
  isCopy: boolean;
  /** Id that this browser keeps for the path. */
  pathId: string | null;
}>;

/** Where a notebook's id comes from. */
export type IdentityOrigin = 'metadata' | 'path' | 'made';

export type Identity = Readonly<{ id: string; origin: IdentityOrigin }>;

/** Decide which id a notebook has; `makeId` gives a new one. */
export function decideIdentity(
  { metadataId, isCopy, pathId }: IdentityEvidence,
  makeId: () => string
): Identity {
  if (metadataId && !isCopy) {
    return { id: metadataId, origin: 'metadata' };
  }
  if (pathId && pathId !== metadataId) {
    return { id: pathId, origin: 'path' };
  }
  return { id: makeId(), origin: 'made' };
}

/** Where a notebook's identity looks and writes. */
export interface IIdentityPlaces {
  readonly store: IIdentityStore;
  /** Our part of the open notebook's metadata. */
  readMetadata(): unknown;
  writeMetadata(value: Readonly<Record<string, unknown>>): void;
  /** Is a notebook with this id at that path, on disk or open? */
  isNotebookAt(path: string, id: string): Promise<boolean>;
}

/** The id of one open notebook. */
export class NotebookIdentity {
  constructor(private readonly _places: IIdentityPlaces) {}

  /**
   * The id. Whoever asks before it is found out, since a cell runs already,
   * gets one that then stays.
   */
  get id(): string {
    if (!this._identity) {
      const metadataId = readNotebookId(this._places.readMetadata());
      const evidence = { metadataId, isCopy: false, pathId: null };
      this._identity = decideIdentity(evidence, () => UUID.uuid4());
      this._isAsked = true;
    }
    return this._identity.id;
  }

  /** Nothing but this page speaks for the id. */
  get isMade(): boolean {
    return this._identity?.origin === 'made';
  }

  /** Find out the id of the notebook, which is at this path now. */
  async resolve(path: string): Promise<void> {
    const { store } = this._places;
    const asked = (this._resolving = {});
    const metadataId =
      readNotebookId(this._places.readMetadata()) ?? this._identity?.id ?? null;
    const isCopy = metadataId ? await this._isCopy(metadataId, path) : false;
    const pathId = await store.get(path);
    if (asked !== this._resolving) {
      return;
    }
    if (!this._isAsked || isCopy) {
      const evidence = { metadataId, isCopy, pathId };
      this._identity = decideIdentity(evidence, () => UUID.uuid4());
    }
    this._isAsked = false;
    await store.set(path, this.id);
  }

  /**
   * A kernel that lives longer than this page says which notebook it serves.
   * It is believed where nothing else speaks for an id; true if that is so.
   */
  async adopt(liveId: string, path: string): Promise<boolean> {
    if (!this.isMade || !liveId || liveId === this.id) {
      return false;
    }
    // A kernel that another notebook uses too speaks of that one.
    const knownPath = await this._places.store.pathOf(liveId);
    if (knownPath !== null && knownPath !== path) {
      return false;
    }
    this._identity = { id: liveId, origin: 'path' };
    await this._places.store.set(path, liveId);
    return true;
  }

  /** Write the id into the notebook: its first run has come. */
  write(): void {
    const metadata = this._places.readMetadata();
    if (readNotebookId(metadata) !== this.id) {
      this._places.writeMetadata(withNotebookId(metadata, this.id));
    }
    this._identity = { id: this.id, origin: 'metadata' };
  }

  private async _isCopy(id: string, path: string): Promise<boolean> {
    const first = await this._places.store.pathOf(id);
    return (
      first !== null &&
      first !== path &&
      (await this._places.isNotebookAt(first, id))
    );
  }

  private _identity: Identity | null = null;
  private _isAsked = false;
  private _resolving = {};
}
