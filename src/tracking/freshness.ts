import type { Freshness } from '../tokens';
import type { IRowsHost } from './host';
import { describeFailure, isAnswer } from './words';

/** Of rows that nobody has told of yet. */
export const UNKNOWN: Freshness = {
  phase: 'loading',
  asOfMs: null,
  error: null,
  nextTryMs: null
};

type Failure = Readonly<{ error: unknown; nextTryMs: number | null }>;

/** Of rows that stay as they were, since their store did not tell them. */
export function staleSince(
  before: Freshness,
  { error, nextTryMs }: Failure,
  { connection, trans }: Pick<IRowsHost, 'connection' | 'trans'>
): Freshness {
  return {
    phase: 'stale',
    asOfMs: before.asOfMs,
    error: describeFailure(error, connection.label, trans),
    nextTryMs,
    isAnswering: isAnswer(error)
  };
}
