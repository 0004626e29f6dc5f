import { sentenceOf } from '../base/sentence';
import type { Connection } from '../tokens';
import { sayProblem } from '../ui/say';
import { ENABLE_COMMAND, bannerOf } from './banners';
import type { BannerAct, BannerText } from './bannertext';
import { allowHostsCommand, refusedHost } from './connectionbanners';
import { SQLITE_URI } from './maintenancebanners';
import { copyText } from './menus';
import type { PanelParts } from './parts';
import { placeOf } from './places';

/** The banner of the panel as it is now; null when all is well. */
export function currentBanner(
  parts: PanelParts,
  nowMs: number
): BannerText | null {
  const { model, options, leftOpen, connections, maintenance } = parts;
  const { session, tracking } = model;
  const id = session?.connection.id;
  return bannerOf(
    {
      hasServer: tracking.hasServer,
      connection: session?.connection ?? null,
      freshness: model.runs.freshness,
      notebook: model.notebook,
      runCount: model.runs.table.rowCount,
      leftOpenCount: leftOpen.runIds().length,
      nowMs,
      mlflowVersion: tracking.mlflowVersion,
      task: maintenance.taskOf(id),
      isCopyDeclined: id !== undefined && connections.isCopyDeclined(id),
      offer: connections.offer,
      replacement: connections.replacement
    },
    options.trans
  );
}

/** Do what a banner's button says. */
export function actOnBanner(parts: PanelParts, act: BannerAct): void {
  const acts = { ...rowActs(parts), ...connectionActs(parts) };
  acts[act]();
}

type RowAct =
  'try' | 'copyEnable' | 'markStopped' | 'insertInstall' | 'copyAddress';

function rowActs(parts: PanelParts): Readonly<Record<RowAct, () => void>> {
  const { model, options, leftOpen, actions } = parts;
  const { session, notebook } = model;
  return {
    try: () => {
      void model.tracking.refresh();
      void model.runs.view?.refresh();
    },
    copyEnable: () => copyText(ENABLE_COMMAND),
    copyAddress: () =>
      session && copyText(options.addressOf(session.connection.id)),
    insertInstall: () => notebook?.insertCode('%pip install mlflow'),
    markStopped: () =>
      session && void actions.markStopped(session, leftOpen.runIds())
  };
}

function connectionActs(
  parts: PanelParts
): Readonly<Record<Exclude<BannerAct, RowAct>, () => void>> {
  const { model, connections } = parts;
  const connection = model.session?.connection;
  const { offer } = connections;
  /** Needs the connection that the banner is about. */
  const on = (act: (connection: Connection) => unknown) => (): void => {
    if (connection) {
      void act(connection);
    }
  };
  return {
    test: on(one => connections.test(one)),
    copyHosts: on(one => copyText(allowHostsCommand(refusedHost(one) ?? ''))),
    copySqliteUri: () => copyText(SQLITE_URI),
    showLog: on(one => showLogOf(parts, one)),
    upgrade: on(one => upgrade(parts, one)),
    otherPython: on(one => explain(parts, one)),
    copyRuns: on(one => copyRuns(parts, one)),
    declineCopy: on(one => connections.declineCopy(one.id)),
    showCopied: on(one => showCopied(parts, one)),
    closeTask: on(one => parts.maintenance.close(one.id)),
    showOffer: () => offer && void connections.choose(offer.id),
    declineOffer: () => offer && connections.decline(offer),
    useDefault: () => void connections.chooseDefault()
  };
}

async function upgrade(
  parts: PanelParts,
  connection: Connection
): Promise<void> {
  const { confirmUpgrade } = await import('./connectiondialogs');
  const { mlflowVersion } = parts.model.tracking;
  const { trans } = parts.options;
  if (await confirmUpgrade(placeOf(connection), mlflowVersion, trans)) {
    await parts.maintenance.maintain(connection, 'upgrade');
  }
}

async function copyRuns(
  parts: PanelParts,
  connection: Connection
): Promise<void> {
  const { confirmCopy } = await import('./connectiondialogs');
  if (await confirmCopy(placeOf(connection), parts.options.trans)) {
    await parts.maintenance.maintain(connection, 'copy');
  }
}

async function showCopied(
  parts: PanelParts,
  connection: Connection
): Promise<void> {
  const { connections, maintenance } = parts;
  const copied = maintenance.taskOf(connection.id)?.connection;
  maintenance.close(connection.id);
  connections.declineCopy(connection.id);
  if (copied) {
    await connections.choose(copied.id);
  }
}

async function explain(
  parts: PanelParts,
  { kind, scheme }: Connection
): Promise<void> {
  const { explainPython } = await import('./connectiondialogs');
  const key = scheme || kind;
  await explainPython(
    `c.ExperimentsApp.tracking_server_pythons = {'${key}': '/path/to/python'}`,
    parts.options.trans
  );
}

async function showLogOf(
  parts: PanelParts,
  connection: Connection
): Promise<void> {
  try {
    const desk = await parts.model.tracking.desk();
    const [text, { showLog }] = await Promise.all([
      desk.log(connection.id),
      import('./connectiondialogs')
    ]);
    await showLog(placeOf(connection), text, parts.options.trans);
  } catch (error) {
    sayProblem(sentenceOf(error));
  }
}
