/** Where a user wants the runs of a notebook to go; null: not chosen. */
export type NotebookChoice = Readonly<{
  connectionId: string | null;
  experimentName: string | null;
}>;

/** Keeps the ids of notebooks by path, in this browser. */
export interface IIdentityStore {
  /** Id of the notebook at a path. */
  get(path: string): Promise<string | null>;
  /** The notebook with this id is at this path, and nowhere else. */
  set(path: string, id: string): Promise<void>;
  /** Where the notebook with this id was seen last. */
  pathOf(id: string): Promise<string | null>;
  /** A file or folder was renamed. */
  move(path: string, newPath: string): Promise<void>;
  /** A file or folder is gone, or another one took its place. */
  forget(path: string): Promise<void>;
  choiceOf(id: string): Promise<NotebookChoice | null>;
  choose(id: string, choice: NotebookChoice): Promise<void>;
}

/** What is kept, by key: in the browser's database or in memory. */
export interface IKept {
  read(): Promise<ReadonlyMap<string, string>>;
  put(path: string, id: string): Promise<unknown>;
  remove(path: string): Promise<unknown>;
  choiceOf(id: string): Promise<NotebookChoice | undefined>;
  choose(id: string, choice: NotebookChoice): Promise<unknown>;
}

/**
 * Opens the store of one server's notebooks: `scope` tells servers of one
 * origin apart. Kept in memory only, where the browser has no IndexedDB.
 */
export function openIdentityStore(scope: string): IIdentityStore {
  const name = `jupyterlab-experiments:notebooks:${scope}`;
  return new IdentityStore(() => openKept(name));
}

/** A browser that blocks its database must not keep a notebook waiting. */
const OPENING_MS = 2000;

class IdentityStore implements IIdentityStore {
  constructor(private readonly _open: () => Promise<IKept>) {}

  get(path: string): Promise<string | null> {
    return this._inTurn(async kept => (await kept.read()).get(path) ?? null);
  }

  set(path: string, id: string): Promise<void> {
    return this._inTurn(async kept => {
      const paths = await kept.read();
      for (const [other, otherId] of paths) {
        if (otherId === id && other !== path) {
          await kept.remove(other);
        }
      }
      if (paths.get(path) !== id) {
        await kept.put(path, id);
      }
    });
  }

  pathOf(id: string): Promise<string | null> {
    return this._inTurn(async kept => {
      const found = [...(await kept.read())].find(([, other]) => other === id);
      return found ? found[0] : null;
    });
  }

  move(path: string, newPath: string): Promise<void> {
    return this._inTurn(async kept => {
      for (const [moved, id] of below(await kept.read(), path)) {
        await kept.remove(moved);
        await kept.put(newPath + moved.slice(path.length), id);
      }
    });
  }

  forget(path: string): Promise<void> {
    return this._inTurn(async kept => {
      for (const [gone] of below(await kept.read(), path)) {
        await kept.remove(gone);
      }
    });
  }

  choiceOf(id: string): Promise<NotebookChoice | null> {
    return this._inTurn(async kept => (await kept.choiceOf(id)) ?? null);
  }

  choose(id: string, choice: NotebookChoice): Promise<void> {
    return this._inTurn(async kept => {
      await kept.choose(id, choice);
    });
  }

  /** One at a time: a notebook that is opened must see the rename before. */
  private _inTurn<T>(act: (kept: IKept) => Promise<T>): Promise<T> {
    const done = this._last.then(() => this._act(act));
    this._last = done.catch(() => undefined);
    return done;
  }

  private async _act<T>(act: (kept: IKept) => Promise<T>): Promise<T> {
    // Opened when it is first asked: JupyterLab's start needs no ids.
    this._opening ??= this._open();
    const kept = this._fallback ?? (await this._opening);
    try {
      return await act(kept);
    } catch (error) {
      console.warn('Experiments: ids of notebooks are not kept.', error);
      this._fallback = memory();
      return act(this._fallback);
    }
  }

  private _opening: Promise<IKept> | null = null;
  private _last: Promise<unknown> = Promise.resolve();
  private _fallback: IKept | null = null;
}

function below(
  paths: ReadonlyMap<string, string>,
  path: string
): readonly (readonly [string, string])[] {
  return [...paths].filter(
    ([kept]) => kept === path || kept.startsWith(`${path}/`)
  );
}

async function openKept(name: string): Promise<IKept> {
  const late = new Promise<IKept>(resolve => {
    setTimeout(() => resolve(memory()), OPENING_MS);
  });
  const opening = import('./identitydatabase').then(({ openDatabase }) =>
    openDatabase(name)
  );
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    console.warn('Experiments: ids of notebooks are not kept.', error);
    return memory();
  }
}

function memory(): IKept {
  const paths = new Map<string, string>();
  const choices = new Map<string, NotebookChoice>();
  return {
    read: async () => new Map(paths),
    put: async (path, id) => paths.set(path, id),
    remove: async path => paths.delete(path),
    choiceOf: async id => choices.get(id),
    choose: async (id, choice) => choices.set(id, choice)
  };
}
