import type { Connection, ConnectionSource } from '../tokens';

/** Connections of one origin, in the order in which they are listed. */
export type ConnectionGroup = Readonly<{
  source: ConnectionSource;
  connections: readonly Connection[];
}>;

/** What decides which connections are of use here. */
export type ConnectionPlace = Readonly<{
  /** Of the notebook, or of the panel where there is none. */
  currentId: string | null;
  /** Connection of what the kernel turned to by itself, or null. */
  kernelId: string | null;
  /** Ids of those found beside the notebook; null where there is no notebook. */
  besideIds: ReadonlySet<string> | null;
}>;

const ORDER: readonly ConnectionSource[] = [
  'administrator',
  'user',
  'notebook',
  'kernel'
];

/** Those of other notebooks and of other kernels are left out. */
function isOfUse(connection: Connection, place: ConnectionPlace): boolean {
  const { id, source } = connection;
  if (place.besideIds === null || id === place.currentId) {
    return true;
  }
  switch (source) {
    case 'notebook':
      return place.besideIds.has(id);
    case 'kernel':
      return id === place.kernelId || place.besideIds.has(id);
    default:
      return true;
  }
}

/** The connections that may be chosen, by who brought them. */
export function connectionGroups(
  connections: readonly Connection[],
  place: ConnectionPlace
): readonly ConnectionGroup[] {
  const useful = connections.filter(one => isOfUse(one, place));
  return ORDER.map(source => ({
    source,
    connections: useful.filter(one => one.source === source)
  })).filter(group => group.connections.length > 0);
}

/** A store beside the notebook to offer: another than the current, not declined. */
export function offeredStore(
  beside: readonly Connection[],
  current: Connection | null,
  isDeclined: (connection: Connection) => boolean
): Connection | null {
  const isOther = (one: Connection): boolean =>
    one.id !== current?.id && one.storeId !== current?.storeId;
  return (
    beside.find(
      one => one.state !== 'absent' && isOther(one) && !isDeclined(one)
    ) ?? null
  );
}
