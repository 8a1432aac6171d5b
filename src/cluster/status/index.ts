export { keepStatus } from './keep-status.ts';
export { readInstallation } from './read-installation.ts';
export { readStatus } from './status-config-map.ts';
