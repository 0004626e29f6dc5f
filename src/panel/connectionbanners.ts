import type { TranslationBundle } from '@jupyterlab/translation';
import { formatClock } from '../base/format';
import type { Connection } from '../tokens';
import type { BannerFacts, BannerText } from './bannertext';
import { ofFiles, ofSchema, ofTask } from './maintenancebanners';
import { baseName, placeOf } from './places';

/** Name that the server does not accept, in MLflow's own words or in ours. */
export function refusedHost(connection: Connection | null): string | null {
  const message = connection?.message ?? '';
  if (!connection || !/invalid host header|allowed-hosts/i.test(message)) {
    return null;
  }
  return /the name “([^”]+)”/.exec(message)?.[1] ?? placeOf(connection);
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
    acts: [{ act: 'test', label: trans.__('Test') }]
  };
}

/** “Next try in 20 s.”, or nothing. */
function nextTry(facts: BannerFacts, trans: TranslationBundle): string {
  const { nextTryMs } = facts.freshness;
  const waitMs = nextTryMs === null ? 0 : nextTryMs - facts.nowMs;
  return waitMs > 0
    ? ` ${trans.__('Next try in %1 s.', Math.ceil(waitMs / 1000))}`
    : '';
}

/** Since when nobody answers, and how many runs are shown as they were. */
function silence(facts: BannerFacts, trans: TranslationBundle): string {
  const { connection, freshness, runCount, nowMs } = facts;
  const place = connection ? placeOf(connection) : '';
  const since = formatClock(freshness.asOfMs ?? connection?.sinceMs ?? nowMs);
  return runCount > 0
    ? trans._n(
        '%2 does not answer since %3. Your cells go on; %1 run as last seen.',
        '%2 does not answer since %3. Your cells go on; %1 runs as last seen.',
        runCount,
        place,
        since
      )
    : trans.__('%1 does not answer since %2. Your cells go on.', place, since);
}

type Acts = BannerText['acts'];

/** Ask again, and read what the server of a local store has written. */
function waitingActs(
  { connection }: BannerFacts,
  trans: TranslationBundle
): Acts {
  const again = { act: 'try', label: trans.__('Try now') } as const;
  const log = { act: 'showLog', label: trans.__('Show log') } as const;
  return connection?.kind === 'child' ? [again, log] : [again];
}

function ofSilence(facts: BannerFacts, trans: TranslationBundle): BannerText {
  return {
    text: silence(facts, trans) + nextTry(facts, trans),
    tone: 'warning',
    acts: waitingActs(facts, trans)
  };
}

/** It answers, but with something else than the rows. */
function ofTrouble(facts: BannerFacts, trans: TranslationBundle): BannerText {
  const { runCount, freshness } = facts;
  const kept = trans._n(
    '%1 run as last seen.',
    '%1 runs as last seen.',
    runCount
  );
  const words = runCount > 0 ? `${freshness.error} ${kept}` : freshness.error;
  return {
    text: words + nextTry(facts, trans),
    tone: 'warning',
    acts: waitingActs(facts, trans)
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

/** The administrator does not allow where the notebook logs. */
export function notAllowed(
  place: string,
  trans: TranslationBundle
): BannerText {
  return {
    text: trans.__(
      'This notebook logs to %1, which the administrator does not show here. Logging goes on.',
      place
    ),
    tone: 'warning',
    acts: []
  };
}

/** The notebook's connection was taken away. */
export function ofReplacement(
  replacement: Connection,
  trans: TranslationBundle
): BannerText {
  return {
    text: trans.__(
      'The connection of this notebook is no longer there. Nothing is logged until another is chosen.'
    ),
    tone: 'warning',
    acts: [{ act: 'useDefault', label: trans.__('Use %1', replacement.label) }]
  };
}

/** A store that lies beside the notebook, or in the root folder. */
export function ofOffer(
  offer: Connection,
  notebookPath: string,
  trans: TranslationBundle
): BannerText {
  const place = placeOf(offer);
  const folder = (path: string): string => path.split('/').slice(0, -1).join();
  const isBeside = folder(place) === folder(notebookPath);
  const name = baseName(place);
  return {
    text: isBeside
      ? trans.__('%1 lies beside this notebook. Show its runs?', name)
      : trans.__('%1 lies in the root folder. Show its runs?', name),
    tone: 'calm',
    acts: [
      { act: 'showOffer', label: trans.__('Show') },
      { act: 'declineOffer', label: trans.__('Not now') }
    ]
  };
}

/** The server is there, as far as is known; its last answer may be old. */
function ofRows(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  if (facts.freshness.phase !== 'stale') {
    return null;
  }
  return facts.freshness.isAnswering
    ? ofTrouble(facts, trans)
    : ofSilence(facts, trans);
}

/** What is not well with the connection; null when all is. */
export function ofConnection(
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  const { connection, task } = facts;
  if (!connection) {
    return ofRows(facts, trans);
  }
  return task
    ? ofTask(task, connection, trans)
    : ofState(connection, facts, trans);
}

function ofState(
  connection: Connection,
  facts: BannerFacts,
  trans: TranslationBundle
): BannerText | null {
  switch (connection.state) {
    case 'starting':
      return ofStart(facts, trans);
    case 'refused':
      return ofRefusal(connection, trans);
    case 'schema':
      return ofSchema(connection, facts.mlflowVersion, trans);
    case 'forbidden':
      return notAllowed(placeOf(connection), trans);
    default: {
      const files = ofFiles(connection, facts.isCopyDeclined, trans);
      const isSilent = connection.state === 'unavailable';
      return files ?? (isSilent ? ofSilence : ofRows)(facts, trans);
    }
  }
}
