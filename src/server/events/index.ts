export { type DecisionEvents, openDecisionEvents } from './decision-events.ts';
