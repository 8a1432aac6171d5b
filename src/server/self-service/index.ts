export { measureSelfService } from './measure.ts';
export { openSelfService, type RejectedExemptions, type SelfServicePolicy } from './self-service.ts';
export type { ReadTeamExemptions } from './team-texts.ts';
