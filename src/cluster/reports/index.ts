export type { ReportWrite } from './report-round.ts';
export { openReportSink, type ReportMetrics, type ReportSink } from './report-sink.ts';
