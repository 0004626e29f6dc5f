/** When a selection is asked for again, in milliseconds. */

export const BUSY_MS = 5000;
export const IDLE_MS = 60000;
const FIRST_RETRY_MS = 2000;

/** While something runs every five seconds, then more and more rarely. */
export function nextReadMs(isBusy: boolean, lastMs: number): number {
  return isBusy ? BUSY_MS : Math.min(IDLE_MS, Math.max(BUSY_MS, lastMs * 1.5));
}

/**
 * After failures: 2, 4, 8 … 60 s, a quarter more or less, so that many pages
 * do not come back at once.
 */
export function nextRetryMs(failureCount: number, random: number): number {
  const delayMs = FIRST_RETRY_MS * 2 ** Math.min(failureCount - 1, 5);
  return Math.round(Math.min(IDLE_MS, delayMs) * (0.75 + random / 2));
}
