export { closeAfterAnswer, guardConnections } from './connections.ts';
export { createIntake, type Intake, type Ticket } from './intake.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { listen, usableHost } from './listen.ts';
export { pageHeaders } from './page-headers.ts';
