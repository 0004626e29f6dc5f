/**
 * The sentences of the registry, translated.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatNumber } from '../base/format';
import { MlflowError } from '../mlflow/errors';
import type { Check, Rival } from './checks';
import type { Signature, SignatureSide } from './mlmodel';
import type { AliasProblem, NameProblem, Origin, Target } from './registerplan';
import { CHAMPION } from './registerplan';
import { TakenByPrompt } from './registrar';

/** Said where a run has nothing to register. */
export function noModel(trans: TranslationBundle): string {
  return trans.__('This run has no model. Log one, or turn on autologging.');
}

/** Where the model comes from: “network · cell [7] of quickstart.ipynb”. */
export function fromWords(
  runName: string,
  origin: Origin,
  words: Readonly<{ cell: string | null; trans: TranslationBundle }>
): string {
  const { cell, trans } = words;
  const { notebook } = origin;
  if (!notebook) {
    return runName;
  }
  return cell === null || origin.cellId === null
    ? trans.__('%1 · %2', runName, notebook)
    : trans.__('%1 · cell [%2] of %3', runName, cell, notebook);
}

/** What is wrong with a name. */
export function nameSentence(
  problem: NameProblem,
  name: string,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'empty':
      return trans.__('Name the model.');
    case 'characters':
      return trans.__('A name cannot hold / or :.');
    case 'prompt':
      return trans.__(
        '‘%1’ is a prompt in this registry. Choose another name.',
        name.trim()
      );
  }
}

/** What is wrong with an alias. */
export function aliasSentence(
  problem: AliasProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'empty':
      return trans.__('Name the alias.');
    case 'characters':
      return trans.__('An alias holds letters, digits, _ and - only.');
    case 'reserved':
      return trans.__('‘latest’ and ‘v3’ are kept for versions.');
  }
}

/** “Becomes version 5. Version 4 is @champion.” */
export function becomesSentence(
  target: Target,
  trans: TranslationBundle
): string {
  if (!target.model) {
    return trans.__('Becomes version 1 of a new registered model.');
  }
  const becomes = trans.__('Becomes version %1.', target.nextVersion);
  return target.champion === null
    ? becomes
    : `${becomes} ${trans.__('Version %1 is @champion.', target.champion)}`;
}

/** Label of the box that moves the champion's alias. */
export function championLabel(
  target: Target | null,
  trans: TranslationBundle
): string {
  return target?.champion
    ? trans.__('Make it @champion (moves from version %1)', target.champion)
    : trans.__('Make it @champion');
}

/** Why nothing was registered. */
export function refusedSentence(
  error: unknown,
  name: string,
  trans: TranslationBundle
): string {
  if (error instanceof TakenByPrompt) {
    return nameSentence('prompt', name, trans);
  }
  const kind = error instanceof MlflowError ? error.kind : null;
  if (kind === 'forbidden') {
    return trans.__(
      'Not registered: you may read but not write ‘%1’ (403). Nothing was changed.',
      name
    );
  }
  if (kind === 'network') {
    return trans.__(
      'The registry does not answer. Whether ‘%1’ was registered shows once it does.',
      name
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return trans.__(
    'Not registered: %1 Nothing was changed.',
    /[.!?]$/.test(why) ? why : `${why}.`
  );
}

/** Name and words of a check, and the mark before it. */
export type CheckWords = Readonly<{
  mark: '✓' | '!' | '▲' | '▼' | '=';
  /** Of the mark, for screen readers. */
  tone: 'good' | 'warning' | 'calm';
  label: string;
  text: string;
}>;

/** A check in words. */
export function checkWords(check: Check, trans: TranslationBundle): CheckWords {
  switch (check.kind) {
    case 'signature':
      return signatureWords(check.signature, trans);
    case 'pickle':
      return {
        mark: '!',
        tone: 'warning',
        label: trans.__('Pickle'),
        text: trans.__('Loading it runs code from the file.')
      };
    case 'metric':
      return metricWords(check, trans);
  }
}

function metricWords(
  check: Extract<Check, { kind: 'metric' }>,
  trans: TranslationBundle
): CheckWords {
  const { isBetter, key, value, rival, rivalValue } = check;
  const equal = isBetter === null;
  return {
    mark: equal ? '=' : isBetter ? '▲' : '▼',
    tone: equal ? 'calm' : isBetter ? 'good' : 'warning',
    label: key,
    text: trans.__(
      '%1; %2 %3',
      formatNumber(value),
      rivalName(rival, trans),
      formatNumber(rivalValue)
    )
  };
}

function rivalName(rival: Rival, trans: TranslationBundle): string {
  return rival.isChampion ? CHAMPION : trans.__('version %1', rival.version);
}

function signatureWords(
  signature: Signature | null,
  trans: TranslationBundle
): CheckWords {
  const label = trans.__('Signature');
  if (!signature) {
    const text = trans.__('None. Log the model with an input_example.');
    return { mark: '!', tone: 'warning', label, text };
  }
  const inputs = sideWords(signature.inputs, trans);
  const outputs = sideWords(signature.outputs, trans);
  const text = trans.__('%1 → %2', inputs, outputs);
  return { mark: '✓', tone: 'good', label, text };
}

function sideWords(
  side: SignatureSide | null,
  trans: TranslationBundle
): string {
  if (!side) {
    return trans.__('anything');
  }
  return side.columnCount > 1
    ? trans.__('%1 columns', side.columnCount)
    : typeWords(side.type, trans);
}

function typeWords(type: string | null, trans: TranslationBundle): string {
  const words: Record<string, string> = {
    integer: trans.__('integer'),
    long: trans.__('integer'),
    float: trans.__('number'),
    double: trans.__('number'),
    string: trans.__('text'),
    boolean: trans.__('yes or no'),
    binary: trans.__('bytes'),
    datetime: trans.__('time')
  };
  return type === null ? trans.__('1 column') : (words[type] ?? type);
}
