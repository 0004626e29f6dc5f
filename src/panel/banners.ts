import type { TranslationBundle } from '@jupyterlab/translation';
import { formatClock } from '../base/format';
import type { Connection, Freshness, INotebookContext } from '../tokens';

/** What a banner's button does. */
export type BannerAct =
  | 'try'
  | 'copyEnable'
  | 'markStopped'
  | 'copyHosts'
  | 'insertInstall'
  | 'copyAddress';

/** A banner, as words and acts. */
export type BannerText = Readonly<{
  text: string;
  tone: 'calm' | 'warning' | 'error';
  acts: readonly Readonly<{ act: BannerAct; label: string }>[];
}>;

/** What the banners depend on. */
export type BannerFacts = Readonly<{
  hasServer: boolean | null;
  connection: Connection | null;
  freshness: Freshness;
  notebook: INotebookContext | null;
  runCount: number;
  leftOpenCount: number;
  nowMs: number;
}>;

export const ENABLE_COMMAND =
  'jupyter server extension enable jupyterlab_experiments';

/** Host that a label or a message names. */
function placeOf(connection: Connection): string {
  return connection.label.split(' · ').pop() ?? connection.label;
}

/** Name that the server does not accept, in MLflow's own words. */
export function refusedHost(connection: Connection | null): string | null {
  const isHost = /invalid host header/i.test(connection?.message ?? '');
  return isHost && connection ? placeOf(connection) : null;
}

/** The command with which an operator adds a name. */
export function allowHostsCommand(host: string): string {
  return `mlflow server --allowed-hosts ${host}`;
}

function ofRefusal(
  connection: Connection,
  trans: TranslationBundle
): BannerText {
  const host = refusedHost(connection);
  if (host) {
    return {
      text: trans.__(
        'The server does not accept the name “%1”. Its operator must add it: `%2`.',
        host,
        allowHostsCommand(host)
      ),
      tone: 'error',
      acts: [{ act: 'copyHosts', label: trans.__('Copy') }]
    };
  }
  const status = /\b(401|403)\b/.exec(connection.message ?? '')?.[1] ?? '401';
  return {
    text: trans.__(
      '%1 refused the login (%2). Set MLFLOW_TRACKING_USERNAME and …PASSWORD where the Jupyter server starts, or ~/.mlflow/credentials.',
      placeOf(connection),
      status
    ),
    tone: 'error',
    acts: [{ act: 'try', label: trans.__('Test') }]
  };
}

function ofSilence(facts: BannerFacts, trans: TranslationBundle): BannerText {
  const { connection, freshness, runCount, nowMs } = facts;
  const since = freshness.asOfMs ?? connection?.sinceMs ?? nowMs;
  const words = trans._n(
    '%2 does not answer since %3. Your cells go on; %1 run as last seen.',
    '%2 does not answer since %3. Your cells go on; %1 runs as last seen.',
    runCount,
    connection ? placeOf(connection) : '',
    formatClock(since)
  );
  const next = freshness.nextTryMs;
  const wait = next && Math.max(1, Math.ceil((next - nowMs) / 1000));
  return {
    text: wait ? `${words} ${trans.__('Next try in %1 s.', wait)}` : words,
    tone: 'warning',
    acts: [{ act: 'try', label: trans.__('Try now') }]
  };
}

function ofStart(facts: BannerFacts, trans: TranslationBundle): BannerText {
  const { asOfMs } = facts.freshness;
  const words = trans.__(
    'Starting the local store (up to 15 s the first time).'
  );
  const known =
    asOfMs !== null && facts.runCount > 0
      ? ` ${trans.__('Showing what was known at %1.', formatClock(asOfMs))}`
      : '';
  return { text: words + known, tone: 'calm', acts: [] };
}

function ofSchema(
  connection: Connection,
  trans: TranslationBundle
): BannerText {
  const words = trans.__(
    '%1 was written by another MLflow. Nothing was changed.',
    placeOf(connection)
  );
  return { text: connection.message ?? words, tone: 'error', acts: [] };
}

function ofConnection(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  const { connection } = facts;
  switch (connection?.state) {
    case 'starting':
      return ofStart(facts, trans);
    case 'refused':
      return ofRefusal(connection, trans);
    case 'schema':
      return ofSchema(connection, trans);
    case 'forbidden':
      return notAllowed(placeOf(connection), trans);
    case 'unavailable':
      return ofSilence(facts, trans);
    default:
      return ofRows(facts, trans);
  }
}

/** The server is there, as far as is known; its last answer may be old. */
function ofRows(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  return facts.freshness.phase === 'stale' ? ofSilence(facts, trans) : null;
}

function notAllowed(place: string, trans: TranslationBundle): BannerText {
  return {
    text: trans.__(
      'This notebook logs to %1, which the administrator does not show here. Logging goes on.',
      place
    ),
    tone: 'warning',
    acts: []
  };
}

function ofKernel(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  const kernel = facts.notebook?.kernel;
  if (!kernel) {
    return null;
  }
  if (kernel.language !== 'python') {
    return {
      text: trans.__(
        '`%1` needs a Python kernel. Runs logged through MLflow’s API appear here all the same.',
        '%%run'
      ),
      tone: 'calm',
      acts: [{ act: 'copyAddress', label: trans.__('Copy tracking address') }]
    };
  }
  return kernel.hasMlflow === false
    ? {
        text: trans.__(
          'This kernel has no MLflow, so nothing can be logged from it. Earlier runs are shown.'
        ),
        tone: 'warning',
        acts: [
          {
            act: 'insertInstall',
            label: trans.__('Insert `%1`', '%pip install mlflow')
          }
        ]
      }
    : null;
}

/** The banner above the rows, the gravest one; null when all is well. */
export function bannerOf(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  if (facts.hasServer === false) {
    return {
      text: trans.__('The server part is missing: `%1`', ENABLE_COMMAND),
      tone: 'error',
      acts: [{ act: 'copyEnable', label: trans.__('Copy') }]
    };
  }
  const wrong = ofConnection(facts, trans);
  if (wrong) {
    return wrong;
  }
  const kernel = facts.notebook?.kernel;
  if (kernel?.trackingKind === 'own' && kernel.connectionId === null) {
    return notAllowed(kernel.trackingLabel, trans);
  }
  if (facts.leftOpenCount > 0) {
    return {
      text: trans._n(
        '%1 run was left open by a kernel that ended.',
        '%1 runs were left open by kernels that ended.',
        facts.leftOpenCount
      ),
      tone: 'warning',
      acts: [{ act: 'markStopped', label: trans.__('Mark as stopped') }]
    };
  }
  return ofKernel(facts, trans);
}
