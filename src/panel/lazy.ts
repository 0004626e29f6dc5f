/** The panel's own chunk: what is fetched when it is first needed. */
export { Announcer } from './announcer';
export { KeptState } from './kept';
export { PanelParts } from './parts';
export { PanelContent } from './widget';
export { RUN_COMMANDS } from './runcommands';
