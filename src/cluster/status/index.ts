export { keepStatus } from './keep-status.ts';
export { readInstallation } from './read-installation.ts';
export { readStatus, type StatusNames } from './status-config-map.ts';
