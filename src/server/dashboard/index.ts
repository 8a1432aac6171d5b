export { buildDashboard, type DashboardPage, type ShownPage } from './dashboard.ts';
