export { type EventMetrics, type EventOutcome, type EventWriter, openEventWriter } from './event-writer.ts';
export { type EventObject, type News, sendEvent } from './send-event.ts';
