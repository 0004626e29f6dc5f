import type { TranslationBundle } from '@jupyterlab/translation';
import { formatClock } from '../base/format';
import type { Connection } from '../tokens';

/** Host or file that a connection's label names. */
export function placeOf({ label }: Pick<Connection, 'label'>): string {
  return label.split(' · ').pop() ?? label;
}

/** Last part of a path, such as `mlruns` of `deep/mlruns`. */
export function baseName(place: string): string {
  return place.split('/').pop() || place;
}

/** The state of a connection in words. */
export function stateWord(
  { state }: Pick<Connection, 'state'>,
  trans: TranslationBundle
): string {
  const words: Readonly<Record<Connection['state'], string>> = {
    absent: trans.__('not made yet: the first run makes it'),
    idle: trans.__('at rest'),
    starting: trans.__('starting'),
    ready: trans.__('ready'),
    unavailable: trans.__('does not answer'),
    refused: trans.__('refused the login'),
    schema: trans.__('written by another MLflow'),
    forbidden: trans.__('not shown here')
  };
  return words[state];
}

/** “ready since 14:02”; without a time where none is known or of use. */
export function stateSince(
  connection: Pick<Connection, 'state' | 'sinceMs'>,
  trans: TranslationBundle
): string {
  const word = stateWord(connection, trans);
  return connection.sinceMs > 0 && connection.state !== 'absent'
    ? trans.__('%1 since %2', word, formatClock(connection.sinceMs))
    : word;
}
