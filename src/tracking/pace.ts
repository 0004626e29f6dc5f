/** When a selection is asked for again, in milliseconds. */
import { MlflowError } from '../mlflow/errors';

export const BUSY_MS = 5000;
export const IDLE_MS = 60000;
const FIRST_RETRY_MS = 1000;
/** Whatever a server asks for, it is asked again within the hour. */
const LONGEST_WAIT_MS = 3_600_000;

/** While something runs every five seconds, then more and more rarely. */
export function nextReadMs(isBusy: boolean, lastMs: number): number {
  return isBusy ? BUSY_MS : Math.min(IDLE_MS, Math.max(BUSY_MS, lastMs * 1.5));
}

/**
 * After failures: 1, 2, 4 … 60 s, a fifth more or less, so that many pages do
 * not come back at once; not before the server wants to be asked again.
 */
export function nextRetryMs(
  failureCount: number,
  random: number,
  error?: unknown
): number {
  const delayMs = FIRST_RETRY_MS * 2 ** Math.min(failureCount - 1, 6);
  const own = Math.min(IDLE_MS, delayMs) * (0.8 + random * 0.4);
  const asked = error instanceof MlflowError ? (error.retryAfterMs ?? 0) : 0;
  // Later, never earlier than asked: else all pages come back in one moment.
  const wait = Math.min(LONGEST_WAIT_MS, asked * (1 + random * 0.2));
  return Math.round(Math.max(own, wait));
}
