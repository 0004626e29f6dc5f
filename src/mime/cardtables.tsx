import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { markWord } from '../ui/marks';
import { StatusMark } from '../ui/statusmark';
import type { Pair, RunCard, RunCardChild } from './payload';

/** Params, metrics and child runs of an unfolded card. */
export function CardTables(props: {
  card: RunCard;
  trans: TranslationBundle;
}): React.ReactElement {
  const { card, trans } = props;
  return (
    <div className="jp-Experiments-runCardTables">
      {card.error && (
        <p className="jp-Experiments-runCardError">{card.error}</p>
      )}
      <PairTable
        title={trans.__('Params')}
        empty={trans.__('No params.')}
        pairs={card.params}
      />
      <PairTable
        title={trans.__('Metrics')}
        empty={trans.__('No metrics.')}
        pairs={card.metrics}
      />
      {card.children.length > 0 && (
        <ChildTable runs={card.children} trans={trans} />
      )}
    </div>
  );
}

function PairTable(props: {
  title: string;
  empty: string;
  pairs: readonly Pair[];
}): React.ReactElement {
  if (props.pairs.length === 0) {
    return <p>{props.empty}</p>;
  }
  return (
    <table>
      <caption>{props.title}</caption>
      <tbody>
        {props.pairs.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChildTable(props: {
  runs: readonly RunCardChild[];
  trans: TranslationBundle;
}): React.ReactElement {
  const { runs, trans } = props;
  return (
    <table>
      <caption>{trans.__('Child runs')}</caption>
      <tbody>
        {runs.map(child => (
          <tr key={child.runId}>
            <th scope="row">
              <StatusMark
                status={child.mark}
                label={markWord(child.mark, null, trans)}
              />{' '}
              {child.name}
            </th>
            <td>{words(child.metrics)}</td>
            <td>{words(child.params)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function words(pairs: readonly Pair[]): string {
  return pairs.map(pair => pair.join(' ')).join(', ');
}
