import type { Series } from './series';
import { smooth, thin } from './series';

/** Colours and type of a figure, read from JupyterLab's theme. */
export type ChartTheme = Readonly<{
  text: string;
  mutedText: string;
  line: string;
  background: string;
  fontFamily: string;
  fontSizePx: number;
  /** Of curves, in their order. */
  colors: readonly string[];
}>;

/** A named curve. */
export type Curve = Readonly<{ name: string; series: Series }>;

export type FigureOptions = Readonly<{
  /** Below the horizontal axis. */
  xTitle: string;
  /** 0: as it is; up to below 1. */
  smoothing?: number;
  isLogScale?: boolean;
}>;

type Attributes = Readonly<Record<string, unknown>>;

/** What Plotly draws: traces and layout. */
export type Figure = Readonly<{
  traces: readonly Attributes[];
  layout: Attributes;
}>;

/** More points than pixels only cost time. */
const MOST_POINTS = 4000;

/** Curves as a line chart in the colours of the theme. */
export function lineFigure(
  curves: readonly Curve[],
  theme: ChartTheme,
  options: FigureOptions
): Figure {
  const traces = curves.map((curve, index) =>
    lineTrace(curve, theme.colors[index % theme.colors.length], options)
  );
  return { traces, layout: layoutOf(curves.length, theme, options) };
}

function lineTrace(
  curve: Curve,
  color: string,
  options: FigureOptions
): Attributes {
  const smoothed = smooth(curve.series, options.smoothing ?? 0);
  const { xs, ys } = thin(smoothed, MOST_POINTS);
  return {
    type: 'scatter',
    mode: xs.length < 2 ? 'markers' : 'lines',
    name: curve.name,
    x: xs,
    y: ys,
    line: { color, width: 1.5 },
    marker: { color, size: 5 },
    hovertemplate: '%{y:.6~g}<extra>%{fullData.name}, %{x:~g}</extra>'
  };
}

function layoutOf(
  curveCount: number,
  theme: ChartTheme,
  options: FigureOptions
): Attributes {
  const axis = {
    gridcolor: theme.line,
    zerolinecolor: theme.line,
    linecolor: theme.line,
    tickfont: { color: theme.mutedText },
    automargin: true
  };
  return {
    autosize: true,
    margin: { l: 8, r: 8, t: 8, b: 8 },
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font: {
      family: theme.fontFamily,
      size: theme.fontSizePx,
      color: theme.text
    },
    showlegend: curveCount > 1,
    legend: { orientation: 'h', y: 1.02, yanchor: 'bottom' },
    hovermode: 'x unified',
    hoverlabel: {
      bgcolor: theme.background,
      bordercolor: theme.line,
      font: { color: theme.text }
    },
    // Kept while a live curve grows, so that a zoom is not lost.
    uirevision: 'kept',
    xaxis: { ...axis, title: { text: options.xTitle } },
    yaxis: { ...axis, type: options.isLogScale ? 'log' : 'linear' }
  };
}
