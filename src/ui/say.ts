import { Notification } from '@jupyterlab/apputils';

const HINT_MS = 8000;

/**
 * Tell of a failure; it stays until it is closed. (JupyterLab keeps a
 * notification out of sight unless it is told for how long to show it.)
 */
export function sayProblem(sentence: string): void {
  Notification.error(sentence, { autoClose: false });
}

/** Tell what to do first; it goes by itself. */
export function sayHint(sentence: string): void {
  Notification.warning(sentence, { autoClose: HINT_MS });
}
