import associationPlugin from './plugins/association';
import cellBadgePlugin from './plugins/cellbadge';
import choicesPlugin from './plugins/choices';
import kernelPlugin from './plugins/kernel';
import pagesPlugin from './plugins/pages';
import panelPlugin from './plugins/panel';
import registryPlugin from './plugins/registry';
import runCardPlugin from './plugins/runcard';
import trackingPlugin from './plugins/tracking';

const plugins = [
  trackingPlugin,
  kernelPlugin,
  choicesPlugin,
  associationPlugin,
  panelPlugin,
  pagesPlugin,
  registryPlugin,
  cellBadgePlugin,
  runCardPlugin
];

export default plugins;

export * from './tokens';
