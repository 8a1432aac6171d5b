export { createEventMetrics, type DecisionEvents, openDecisionEvents } from './decision-events.ts';
