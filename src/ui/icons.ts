import { LabIcon } from '@jupyterlab/ui-components';

const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">${body}</svg>`;

const FLASK =
  'M19.8 18.4 14 10.67V6.5l1.35-1.69A.5.5 0 0 0 14.96 4H9.04a.5.5 0 0 0-.39.81L10 6.5v4.17L4.2 18.4A1 1 0 0 0 5 20h14a1 1 0 0 0 .8-1.6z';

/** The panel's flask. */
export const flaskIcon = new LabIcon({
  name: 'jupyterlab-experiments:flask',
  svgstr: svg(`<path class="jp-icon3" fill="#616161" d="${FLASK}"/>`)
});

/** The flask with a dot: a run is going while the panel is closed. */
export const flaskDotIcon = new LabIcon({
  name: 'jupyterlab-experiments:flask-dot',
  svgstr: svg(
    `<path class="jp-icon3" fill="#616161" d="${FLASK}"/><circle class="jp-icon-brand1 jp-icon-selectable" fill="#1976d2" cx="20" cy="5" r="4"/>`
  )
});

/** Two arrows: compare. */
export const compareIcon = new LabIcon({
  name: 'jupyterlab-experiments:compare',
  svgstr: svg(
    '<path class="jp-icon3" fill="#616161" d="M6.99 13 3 17l3.99 4v-3H18v-2H6.99zM21 7l-3.99-4v3H6v2h11.01v3z"/>'
  )
});

/** An arrow up to a shelf: register. */
export const registerIcon = new LabIcon({
  name: 'jupyterlab-experiments:register',
  svgstr: svg(
    '<path class="jp-icon3" fill="#616161" d="M5 4v2h14V4zm0 10h4v6h6v-6h4l-7-7z"/>'
  )
});
