import { launchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatNumber, printNumber } from '../base/format';
import type { Run } from '../mlflow/entities';
import type { RunDifference } from '../runs/diff';
import { copyText } from './menus';
import type { PanelParts } from './parts';

/** A key and its value; a click copies the value. */
export function Value(props: {
  parts: PanelParts;
  name: string;
  text: string;
  full: string;
}): React.ReactElement {
  const { name, text, full } = props;
  const { trans } = props.parts.options;
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd>
        <button
          type="button"
          className="jp-Experiments-value"
          title={trans.__('%1 (click to copy)', full)}
          onClick={() => copyText(full)}
        >
          {text}
        </button>
      </dd>
    </>
  );
}

/** One line of what changed. */
function ChangedLine(props: {
  parts: PanelParts;
  name: string;
  before: string;
  after: string;
  verdict: 'better' | 'worse' | null;
}): React.ReactElement {
  const { name, before, after, verdict } = props;
  const { trans } = props.parts.options;
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd title={`${name}: ${before} → ${after}`}>
        <span className="jp-Experiments-muted">{before} →</span>{' '}
        <strong>{after}</strong>
        {verdict === 'better' && (
          <span className="jp-Experiments-better"> ▲ {trans.__('better')}</span>
        )}
        {verdict === 'worse' && (
          <span className="jp-Experiments-muted"> ▼ {trans.__('worse')}</span>
        )}
      </dd>
    </>
  );
}

const MOST_METRICS = 6;

/** What differs from the run before. */
export function Changes(props: {
  parts: PanelParts;
  difference: RunDifference;
}): React.ReactElement {
  const { parts, difference } = props;
  const { trans } = parts.options;
  const { params, metrics, isCodeEdited } = difference;
  const compared = metrics
    .filter(({ before, after }) => before !== null && after !== null)
    .slice(0, MOST_METRICS);
  if (params.length + compared.length === 0) {
    return (
      <p className="jp-Experiments-muted jp-Experiments-foldText">
        {isCodeEdited
          ? trans.__('Only the code differs.')
          : trans.__('Nothing differs.')}
      </p>
    );
  }
  return (
    <dl className="jp-Experiments-values jp-mod-changes">
      {params.map(({ key, before, after }) => (
        <ChangedLine
          key={`params.${key}`}
          parts={parts}
          name={key}
          before={before ?? '–'}
          after={after ?? '–'}
          verdict={null}
        />
      ))}
      {compared.map(({ key, before, after, verdict }) => (
        <ChangedLine
          key={`metrics.${key}`}
          parts={parts}
          name={key}
          before={formatNumber(before)}
          after={formatNumber(after)}
          verdict={verdict}
        />
      ))}
      {isCodeEdited && (
        <ChangedLine
          parts={parts}
          name={trans.__('code')}
          before={trans.__('as before')}
          after={trans.__('edited')}
          verdict={null}
        />
      )}
    </dl>
  );
}

/** Metrics or params by key, with what is equal in all folded away. */
export function Values(props: {
  parts: PanelParts;
  pairs: readonly Readonly<{ key: string; text: string; full: string }>[];
  folded: ReadonlySet<string>;
  empty: React.ReactNode;
}): React.ReactElement {
  const { parts, pairs, folded, empty } = props;
  const { details, options } = parts;
  const { trans } = options;
  if (pairs.length === 0) {
    return (
      <p className="jp-Experiments-muted jp-Experiments-foldText">{empty}</p>
    );
  }
  const hidden = pairs.filter(({ key }) => folded.has(key));
  // Where all would be folded nothing would be left to see.
  const isFolding =
    hidden.length > 0 &&
    hidden.length < pairs.length &&
    !details.isShowingEqual;
  const shown = isFolding ? pairs.filter(({ key }) => !folded.has(key)) : pairs;
  return (
    <>
      <dl className="jp-Experiments-values">
        {shown.map(({ key, text, full }) => (
          <Value key={key} parts={parts} name={key} text={text} full={full} />
        ))}
      </dl>
      {isFolding && (
        <button
          type="button"
          className="jp-Experiments-link jp-Experiments-foldText"
          onClick={() => details.toggleEqual()}
        >
          {trans.__('%1 more, equal in all', hidden.length)}
        </button>
      )}
    </>
  );
}

/** Metrics as pairs of text; those of held-back data first. */
export function metricPairs(
  run: Run
): readonly Readonly<{ key: string; text: string; full: string }>[] {
  return [...run.metrics]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({
      key,
      text: formatNumber(value),
      full: printNumber(value)
    }));
}

/** Params or tags as pairs of text. */
export function textPairs(
  pairs: readonly Readonly<{ key: string; value: string }>[]
): readonly Readonly<{ key: string; text: string; full: string }>[] {
  return [...pairs]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, text: value, full: value }));
}

/** A word that does something; an arrow says that it leads away. */
export function Link(props: {
  label: string;
  title: string;
  isAway?: boolean;
  onClick: () => void;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Experiments-link"
      title={props.title}
      onClick={props.onClick}
    >
      {props.label}
      {props.isAway && (
        <launchIcon.react tag="span" width="13px" height="13px" />
      )}
    </button>
  );
}
