import * as React from 'react';
import { formatNumber } from '../base/format';
import type { MetricDifference, TextDifference } from '../runs/diff';
import { beforeText } from '../runs/texts';
import { FoldHead } from '../ui/fold';
import type { PageProps } from './actions';
import type { Since } from './neighbours';

function TextChange(props: { change: TextDifference }): React.ReactElement {
  const { key, before, after } = props.change;
  return (
    <li>
      <code>{key}</code> {before ?? '–'} → <b>{after ?? '–'}</b>
    </li>
  );
}

function MetricChange(
  props: Pick<PageProps, 'trans'> & { change: MetricDifference }
): React.ReactElement {
  const { trans, change } = props;
  return (
    <li>
      <code>{change.key}</code> {formatNumber(change.before)} →{' '}
      <b>{formatNumber(change.after)}</b>
      {change.verdict === 'better' && (
        <span className="jp-Experiments-better"> ▲ {trans.__('better')}</span>
      )}
      {change.verdict === 'worse' && (
        <span className="jp-Experiments-worse"> ▼ {trans.__('worse')}</span>
      )}
    </li>
  );
}

function CodeChanges(
  props: Pick<PageProps, 'trans'> & { since: Since }
): React.ReactElement {
  const { trans } = props;
  const { isCodeEdited, commit } = props.since.difference;
  const short = (text: string | null): string => text?.slice(0, 7) ?? '–';
  return (
    <>
      {isCodeEdited && <li>{trans.__('code edited')}</li>}
      {commit && (
        <li>
          {trans.__(
            'commit %1 → %2',
            short(commit.before),
            short(commit.after)
          )}
        </li>
      )}
    </>
  );
}

function Changes(
  props: Pick<PageProps, 'trans'> & { since: Since }
): React.ReactElement {
  const { trans } = props;
  const { params, metrics, isCodeEdited, commit } = props.since.difference;
  const isSame =
    params.length + metrics.length === 0 && !isCodeEdited && !commit;
  return (
    <ul className="jp-Experiments-changes">
      {params.map(change => (
        <TextChange key={`p ${change.key}`} change={change} />
      ))}
      {metrics.map(change => (
        <MetricChange key={`m ${change.key}`} trans={trans} change={change} />
      ))}
      <CodeChanges {...props} />
      {isSame && <li>{trans.__('Nothing differs.')}</li>}
    </ul>
  );
}

/** What differs from the run before; nothing where there is none. */
export function SinceCard(props: PageProps): React.ReactElement | null {
  const { run, model, trans } = props;
  const [isOpen, setOpen] = React.useState(true);
  const since = model.neighbours.since(run, model.choices);
  if (!since) {
    return null;
  }
  const { before } = since;
  const span = (run.startTimeMs ?? 0) - (before.startTimeMs ?? 0);
  return (
    <section className="jp-Experiments-since">
      <FoldHead
        label={trans.__(
          'Since %1, %2',
          before.runName,
          beforeText(span, trans)
        )}
        isOpen={isOpen}
        onToggle={() => setOpen(!isOpen)}
      />
      {isOpen && <Changes since={since} trans={trans} />}
    </section>
  );
}
