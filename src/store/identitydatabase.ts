import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { IKept, NotebookChoice } from './identitystore';

interface IIdentitySchema extends DBSchema {
  paths: { key: string; value: string };
  choices: { key: string; value: NotebookChoice };
}

/** Open the database of notebooks' ids; rejects where there is none. */
export async function openDatabase(name: string): Promise<IKept> {
  const database = await openDB<IIdentitySchema>(name, 1, {
    upgrade: fresh => {
      fresh.createObjectStore('paths');
      fresh.createObjectStore('choices');
    }
  });
  return {
    read: () => readPaths(database),
    put: (path, id) => database.put('paths', id, path),
    remove: path => database.delete('paths', path),
    choiceOf: id => database.get('choices', id),
    choose: (id, choice) => database.put('choices', choice, id)
  };
}

async function readPaths(
  database: IDBPDatabase<IIdentitySchema>
): Promise<ReadonlyMap<string, string>> {
  const paths = database.transaction('paths').store;
  const [keys, ids] = await Promise.all([paths.getAllKeys(), paths.getAll()]);
  return new Map(keys.map((path, row) => [path, ids[row]] as const));
}
