import * as React from 'react';
import { sparkPath } from './sparkpath';

const WIDTH = 28;
const HEIGHT = 14;

/** A small curve in the text's colour; a dot where a live one ends. */
export const Sparkline = React.memo(function Sparkline(props: {
  values: readonly number[] | null;
  isLive: boolean;
}): React.ReactElement {
  const spark = props.values && sparkPath(props.values, WIDTH, HEIGHT);
  return (
    <svg
      className={
        'jp-Experiments-sparkline' + (props.isLive ? ' jp-mod-live' : '')
      }
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      {spark && <path d={spark.path} />}
      {spark && props.isLive && <circle cx={spark.x} cy={spark.y} r="1.5" />}
    </svg>
  );
});
