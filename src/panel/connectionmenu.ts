import type { Connection, ConnectionSource } from '../tokens';
import type { MenuEntry } from '../ui/menu';
import { connectionGroups } from './connectiongroups';
import type { PanelParts } from './parts';
import { stateWord } from './places';

function headingOf(source: ConnectionSource, parts: PanelParts): string {
  const { trans } = parts.options;
  const headings: Readonly<Record<ConnectionSource, string>> = {
    administrator: trans.__('This server’s'),
    user: trans.__('Added by you'),
    notebook: trans.__('Found beside this notebook'),
    kernel: trans.__('Set by this kernel')
  };
  return headings[source];
}

/** The connections by who brought them, each with its state. */
function choices(parts: PanelParts): readonly MenuEntry[] {
  const { model, options, connections } = parts;
  const { notebook, session, tracking } = model;
  const currentId = session?.connection.id ?? null;
  const groups = connectionGroups(tracking.connections, {
    currentId,
    kernelId: notebook?.kernel?.connectionId ?? null,
    besideIds: notebook && new Set(connections.beside.map(({ id }) => id))
  });
  return groups.flatMap(({ source, connections: found }) => [
    ...(groups.length > 1 ? [{ heading: headingOf(source, parts) }] : []),
    ...found.map(connection => ({
      label: options.trans.__(
        '%1 (%2)',
        connection.label,
        connection.state === 'absent'
          ? options.trans.__('not made yet')
          : stateWord(connection, options.trans)
      ),
      caption: connection.message ?? undefined,
      isToggled: connection.id === currentId,
      run: () => void connections.choose(connection.id)
    }))
  ]);
}

/** “Remove team · …”, or a menu where there are several to remove. */
function removals(parts: PanelParts): readonly MenuEntry[] {
  const { model, options, connections } = parts;
  const { trans } = options;
  const entry = (connection: Connection, label: string): MenuEntry => ({
    label,
    run: () => void connections.remove(connection)
  });
  const removable = model.tracking.connections.filter(one => one.canRemove);
  if (removable.length < 2) {
    return removable.map(one => entry(one, trans.__('Remove %1', one.label)));
  }
  const entries = removable.map(one => entry(one, one.label));
  return [{ label: trans.__('Remove'), entries }];
}

async function addConnection(parts: PanelParts): Promise<void> {
  const { askConnection } = await import('./connectiondialogs');
  const { model, options, connections } = parts;
  const added = await askConnection({
    desk: await model.tracking.desk(),
    hasNotebook: model.notebook !== null,
    trans: options.trans
  });
  if (added?.isChosen) {
    await connections.choose(added.connection.id);
  }
}

/** Entries of the menu “Connection”. */
export function connectionEntries(parts: PanelParts): readonly MenuEntry[] {
  const { model, options, connections } = parts;
  const { trans } = options;
  const current = model.session?.connection;
  const additions: readonly MenuEntry[] = model.tracking.mayAdd
    ? [
        {
          label: trans.__('Add a connection…'),
          run: () => void addConnection(parts)
        },
        ...removals(parts)
      ]
    : [];
  return [
    ...choices(parts),
    'separator',
    ...additions,
    {
      label: current ? trans.__('Test %1', current.label) : trans.__('Test'),
      isEnabled: current !== undefined,
      run: () => current && void connections.test(current)
    }
  ];
}
