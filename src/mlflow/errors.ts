/**
 * What may go wrong between us and an MLflow server.
 *
 *     MlflowError            kind, status, code, message
 *     ├─ CancelledError      'cancelled'     the caller's own signal: never shown
 *     ├─ NetworkError        'network'       no answer at all
 *     └─ AnswerError         by status and error code of the answer:
 *                            'unauthorized'  401
 *                            'forbidden'     403
 *                            'notFound'      404, RESOURCE_DOES_NOT_EXIST
 *                            'alreadyExists' RESOURCE_ALREADY_EXISTS
 *                            'invalid'       other 4xx, or an answer that cannot be read
 *                            'unsupported'   501, or a route that the server lacks
 *                            'server'        5xx
 */
export type MlflowErrorKind =
  | 'network'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'alreadyExists'
  | 'invalid'
  | 'unsupported'
  | 'server'
  | 'cancelled';

type ErrorDetails = Readonly<{
  status?: number | null;
  /** MLflow's `error_code`. */
  code?: string | null;
  /** How long the server asks to be left alone. */
  retryAfterMs?: number | null;
  cause?: unknown;
}>;

/** A request to MLflow that brought no result. */
export class MlflowError extends Error {
  constructor(
    readonly kind: MlflowErrorKind,
    message: string,
    details: ErrorDetails = {}
  ) {
    super(message);
    this.name = 'MlflowError';
    this.status = details.status ?? null;
    this.code = details.code ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.cause = details.cause;
  }

  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  readonly code: string | null;
  /** Of the header Retry-After, in milliseconds; null without one. */
  readonly retryAfterMs: number | null;
  readonly cause: unknown;
}

/** The caller's signal was aborted. */
export class CancelledError extends MlflowError {
  constructor(cause?: unknown) {
    super('cancelled', 'The request was cancelled.', { cause });
    this.name = 'CancelledError';
  }
}

/** The server gave no answer. */
export class NetworkError extends MlflowError {
  constructor(message: string, cause?: unknown) {
    super('network', message, { cause });
    this.name = 'NetworkError';
  }
}

/** The server answered, but not with what was asked for. */
export class AnswerError extends MlflowError {
  constructor(kind: MlflowErrorKind, message: string, details: ErrorDetails) {
    super(kind, message, details);
    this.name = 'AnswerError';
  }
}

/** True for an error that means the caller lost interest. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof CancelledError ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** True for a route or a feature that this server does not have. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof MlflowError &&
    (error.kind === 'notFound' || error.kind === 'unsupported')
  );
}

const KIND_OF_CODE: ReadonlyMap<string, MlflowErrorKind> = new Map([
  ['RESOURCE_ALREADY_EXISTS', 'alreadyExists'],
  ['RESOURCE_DOES_NOT_EXIST', 'notFound'],
  ['NOT_FOUND', 'notFound'],
  ['ENDPOINT_NOT_FOUND', 'unsupported'],
  ['NOT_IMPLEMENTED', 'unsupported'],
  ['PERMISSION_DENIED', 'forbidden'],
  ['UNAUTHENTICATED', 'unauthorized']
]);

const KIND_OF_STATUS: ReadonlyMap<number, MlflowErrorKind> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [405, 'unsupported'],
  [501, 'unsupported']
]);

/**
 * Error of an answer by its status, its body, MLflow's JSON or any text, and
 * its header Retry-After.
 */
export function errorOfAnswer(
  status: number,
  text: string,
  retryAfter: string | null = null
): AnswerError {
  const { code, message } = readError(text);
  const kind =
    (code && KIND_OF_CODE.get(code)) ||
    KIND_OF_STATUS.get(status) ||
    (status >= 500 ? 'server' : 'invalid');
  return new AnswerError(kind, message || `HTTP ${status}`, {
    status,
    code,
    retryAfterMs: retryAfterMs(retryAfter)
  });
}

/** Seconds or a date, as HTTP has it. */
function retryAfterMs(header: string | null): number | null {
  if (header === null || header.trim() === '') {
    return null;
  }
  const seconds = Number(header);
  const delayMs = Number.isNaN(seconds)
    ? Date.parse(header) - Date.now()
    : seconds * 1000;
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : null;
}

function readError(text: string): { code: string | null; message: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) {
      const { error_code: code, message } = body as Record<string, unknown>;
      return {
        code: typeof code === 'string' ? code : null,
        message: typeof message === 'string' ? message : ''
      };
    }
  } catch {
    // Not JSON: a proxy's page or plain text, such as “Invalid Host header”.
  }
  const isPage = /^\s*</.test(text);
  return { code: null, message: isPage ? '' : text.trim().slice(0, 300) };
}
