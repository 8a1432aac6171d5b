export { type EventMetrics, type EventResult, openEventWriter } from './event-writer.ts';
export { type EventObject, type News, sendEvent } from './send-event.ts';
