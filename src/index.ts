import trackingPlugin from './plugins/tracking';

const plugins = [trackingPlugin];

export default plugins;

export * from './tokens';
