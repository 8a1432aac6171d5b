export { measureSelfService } from './measure.ts';
export { openSelfService, type SelfServicePolicy } from './self-service.ts';
export type { RejectedExemptions } from './team-grants.ts';
export type { ReadTeamExemptions } from './team-texts.ts';
