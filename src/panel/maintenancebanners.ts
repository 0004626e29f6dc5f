import type { TranslationBundle } from '@jupyterlab/translation';
import type { Connection } from '../tokens';
import type { BannerText } from './bannertext';
import type { PanelTask } from './maintenance';
import { baseName, placeOf } from './places';

/** URI that the banner of a mistaken one gives instead. */
export const SQLITE_URI = 'sqlite:///mlflow.db';

/** A database of another MLflow's schema, and what can be done about it. */
export function ofSchema(
  connection: Connection,
  mlflowVersion: string | null,
  trans: TranslationBundle
): BannerText {
  const place = placeOf(connection);
  const text = mlflowVersion
    ? trans.__(
        '%1 was written by another MLflow (this one is %2). Nothing was changed.',
        place,
        mlflowVersion
      )
    : trans.__('%1 was written by another MLflow. Nothing was changed.', place);
  const upgrade = {
    act: 'upgrade',
    label: trans.__('Back up and upgrade…')
  } as const;
  return {
    text,
    tone: 'error',
    acts: [
      ...(connection.remedies.includes('upgrade') ? [upgrade] : []),
      { act: 'otherPython', label: trans.__('Use another Python') }
    ]
  };
}

/** A folder of files in place of a database, and what can be done about it. */
export function ofFiles(
  connection: Connection,
  isCopyDeclined: boolean,
  trans: TranslationBundle
): BannerText | null {
  const { remedies } = connection;
  if (remedies.includes('sqlite-uri')) {
    return {
      text: trans.__(
        'This URI means the folder %1, not .%1. Write `%2`.',
        '/mlruns',
        SQLITE_URI
      ),
      tone: 'warning',
      acts: [{ act: 'copySqliteUri', label: trans.__('Copy') }]
    };
  }
  return remedies.includes('copy') && !isCopyDeclined
    ? {
        text: trans.__(
          'MLflow 3.14 and later refuse file stores. The runs in %1 can be copied into %2; the folder stays as it is.',
          baseName(placeOf(connection)),
          'mlflow.db'
        ),
        tone: 'calm',
        acts: [
          { act: 'copyRuns', label: trans.__('Copy them…') },
          { act: 'declineCopy', label: trans.__('Not now') }
        ]
      }
    : null;
}

/** How far an upgrade or a copy is, or how it ended. */
export function ofTask(
  task: PanelTask,
  connection: Connection,
  trans: TranslationBundle
): BannerText {
  const place = placeOf(connection);
  const isCopy = task.what === 'copy';
  if (task.state === 'running') {
    const words = isCopy
      ? trans.__('Copying the runs in %1…', place)
      : trans.__('Backing up and upgrading %1…', place);
    return { text: `${words} ${task.message}`.trim(), tone: 'calm', acts: [] };
  }
  const close = { act: 'closeTask', label: trans.__('Close') } as const;
  if (task.state === 'failed') {
    const words = isCopy
      ? trans.__('The runs in %1 were not copied.', place)
      : trans.__('%1 was not upgraded and is as it was.', place);
    return { text: `${words} ${task.message}`, tone: 'error', acts: [close] };
  }
  const words = isCopy
    ? trans.__('The runs in %1 were copied; the folder is as it was.', place)
    : trans.__('%1 was upgraded.', place);
  const show = { act: 'showCopied', label: trans.__('Show them') } as const;
  return {
    text: `${words} ${task.message}`.trim(),
    tone: 'calm',
    acts: task.connection ? [show, close] : [close]
  };
}
