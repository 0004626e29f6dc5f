import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { OpenRunArgs, RegisterModelArgs } from '../commands';
import { CommandIDs } from '../commands';
import { markWord } from '../ui/marks';
import { StatusMark } from '../ui/statusmark';
import { CardTables } from './cardtables';
import type { Pair, RunCard } from './payload';

/** How many metrics, and how many params, stand on the folded line. */
const SHOWN = 2;

export type RunCardProps = Readonly<{
  card: RunCard;
  commands: CommandRegistry;
  trans: TranslationBundle;
}>;

/** One line of a run; unfolded its params, metrics and child runs. */
export function RunCardView(props: RunCardProps): React.ReactElement {
  const { card, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const shown = [
    ...card.metrics.slice(0, SHOWN),
    ...card.params.slice(0, SHOWN)
  ];
  const fold = isOpen ? trans.__('Fold') : trans.__('Show all');
  return (
    <>
      <div
        className="jp-Experiments-runCardLine"
        role="group"
        aria-label={trans.__('Run %1', card.name)}
      >
        <StatusMark
          status={card.mark}
          label={markWord(card.mark, card.error, trans)}
        />
        <span className="jp-Experiments-runCardName" title={card.name}>
          {card.name}
        </span>
        {card.took && <span>{card.took}</span>}
        {shown.map(([key, value], place) => (
          <CardPair key={`${place} ${key}`} pair={[key, value]} />
        ))}
        <span className="jp-Experiments-runCardSpace" />
        <OpenButton {...props} />
        <RegisterButton {...props} />
        <button
          type="button"
          className="jp-Experiments-runCardFold"
          aria-expanded={isOpen}
          aria-label={fold}
          title={fold}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? '▾' : '▸'}
        </button>
      </div>
      {isOpen && <CardTables card={card} trans={trans} />}
    </>
  );
}

function CardPair({ pair }: { pair: Pair }): React.ReactElement {
  const [key, value] = pair;
  return (
    <span className="jp-Experiments-runCardPair" title={`${key} ${value}`}>
      <span className="jp-Experiments-runCardKey">{key}</span>{' '}
      <span className="jp-Experiments-runCardValue">{value}</span>
    </span>
  );
}

/** The run and, where the card names one, its connection. */
function target({
  runId,
  connectionId
}: RunCard): Readonly<{ runId: string; connectionId?: string }> {
  return connectionId ? { runId, connectionId } : { runId };
}

function OpenButton(props: RunCardProps): React.ReactElement | null {
  const { card, commands, trans } = props;
  if (!commands.hasCommand(CommandIDs.openRun)) {
    return null;
  }
  const open = (): void => {
    const args = target(card) satisfies OpenRunArgs;
    void commands.execute(CommandIDs.openRun, args);
  };
  return (
    <button
      type="button"
      className="jp-Experiments-runCardButton"
      onClick={open}
    >
      {trans.__('Open')}
    </button>
  );
}

function RegisterButton(props: RunCardProps): React.ReactElement | null {
  const { card, commands, trans } = props;
  if (!commands.hasCommand(CommandIDs.registerModel)) {
    return null;
  }
  const register = (): void => {
    const args = target(card) satisfies RegisterModelArgs;
    void commands.execute(CommandIDs.registerModel, args);
  };
  const reason = trans.__(
    'This run has no model. Log one, or turn on autologging.'
  );
  return (
    <button
      type="button"
      className="jp-Experiments-runCardButton"
      disabled={!card.hasModel}
      title={card.hasModel ? undefined : reason}
      onClick={register}
    >
      {trans.__('Register model')}
    </button>
  );
}
