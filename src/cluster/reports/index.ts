export { openReportSink, type ReportMetrics, type ReportSink } from './report-sink.ts';
export type { ReportWrite } from './write-attempts.ts';
