import * as React from 'react';
import type { ChartTheme, Figure } from './figure';
import { FigureCanvas } from './plotly';
import { readTheme, watchTheme } from './theme';

/** Words of a chart, translated. */
export type ChartWords = Readonly<{
  loading: string;
  failed: string;
  tryAgain: string;
}>;

type Phase = 'loading' | 'drawn' | 'failed';

/** Keep a canvas as long as its node is in the page, and fitting it. */
function useCanvas(
  node: React.RefObject<HTMLDivElement>
): React.MutableRefObject<FigureCanvas | null> {
  const canvas = React.useRef<FigureCanvas | null>(null);
  React.useEffect(() => {
    if (!node.current) {
      return;
    }
    const made = new FigureCanvas(node.current);
    canvas.current = made;
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => made.resize());
    });
    observer.observe(node.current);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      made.dispose();
      canvas.current = null;
    };
  }, [node]);
  return canvas;
}

function useThemeVersion(): number {
  const [version, bump] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => watchTheme(bump), []);
  return version;
}

/** A figure; while Plotly comes, or when it does not, a sentence. */
export function Chart(props: {
  /** Names the chart for a screen reader. */
  label: string;
  heightPx: number;
  /** Made anew with its data, and drawn with the theme of the day. */
  figure: (theme: ChartTheme) => Figure;
  words: ChartWords;
}): React.ReactElement {
  const { figure, words } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const canvas = useCanvas(node);
  const themeVersion = useThemeVersion();
  const [phase, setPhase] = React.useState<Phase>('loading');
  const [attempt, setAttempt] = React.useState(0);
  React.useEffect(() => {
    let isCurrent = true;
    const settle = (next: Phase): void => {
      if (isCurrent) {
        setPhase(next);
      }
    };
    if (node.current && canvas.current) {
      canvas.current.draw(figure(readTheme(node.current))).then(
        () => settle('drawn'),
        error => {
          console.error(error);
          settle('failed');
        }
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [figure, themeVersion, attempt, canvas]);
  return (
    <div className="jp-Experiments-chart" style={{ height: props.heightPx }}>
      {phase === 'loading' && (
        <p className="jp-Experiments-muted">{words.loading}</p>
      )}
      {phase === 'failed' && (
        <p role="alert">
          {words.failed}{' '}
          <button
            type="button"
            className="jp-Experiments-link"
            onClick={() => setAttempt(attempt + 1)}
          >
            {words.tryAgain}
          </button>
        </p>
      )}
      <div
        ref={node}
        className="jp-Experiments-chartCanvas"
        role="img"
        aria-label={props.label}
      />
    </div>
  );
}
