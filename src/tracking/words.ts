import type { TranslationBundle } from '@jupyterlab/translation';
import { MlflowError } from '../mlflow/errors';

/** Somebody answered, if not with what was asked for. */
export function isAnswer(error: unknown): boolean {
  if (!(error instanceof MlflowError)) {
    return true;
  }
  return error.kind !== 'network' && !isGone(error);
}

function isGone({ status }: MlflowError): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** What went wrong with a connection, as a sentence for people. */
export function describeFailure(
  error: unknown,
  label: string,
  trans: TranslationBundle
): string {
  if (!(error instanceof MlflowError)) {
    return trans.__('The answer of %1 could not be read.', label);
  }
  switch (error.kind) {
    case 'network':
      return trans.__('The Jupyter server does not answer.');
    case 'unauthorized':
      return trans.__('%1 refused the login (401).', label);
    case 'forbidden':
      return trans.__('You may not read %1 (403). %2', label, error.message);
    default:
      return describeAnswer(error, label, trans);
  }
}

function describeAnswer(
  error: MlflowError,
  label: string,
  trans: TranslationBundle
): string {
  if (isGone(error)) {
    return trans.__('%1 does not answer.', label);
  }
  return error.status === 429
    ? trans.__('%1 asks for fewer requests (429).', label)
    : trans.__('%1 could not answer: %2', label, error.message);
}
