import type { ChartTheme } from './figure';

/** Told apart also by people who see few colours; legible on light and dark. */
const COLORS = [
  '#2f7ed8',
  '#e8710a',
  '#12a37a',
  '#c2429b',
  '#a08000',
  '#7a64d8',
  '#d9453d',
  '#3b9fb5'
];

/** The theme as it is where a node stands. */
export function readTheme(node: HTMLElement): ChartTheme {
  const style = getComputedStyle(node);
  const read = (name: string, otherwise: string): string =>
    style.getPropertyValue(name).trim() || otherwise;
  return {
    text: read('--jp-ui-font-color1', '#212121'),
    mutedText: read('--jp-ui-font-color2', '#616161'),
    line: read('--jp-border-color2', '#e0e0e0'),
    background: read('--jp-layout-color1', '#ffffff'),
    fontFamily: read('--jp-ui-font-family', 'sans-serif'),
    fontSizePx: 11,
    colors: [read('--jp-brand-color1', COLORS[0]), ...COLORS.slice(1)]
  };
}

/** Calls when JupyterLab's theme changes; gives the way to stop. */
export function watchTheme(onChanged: () => void): () => void {
  const observer = new MutationObserver(onChanged);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
  });
  return () => observer.disconnect();
}
