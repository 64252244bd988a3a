import { series } from './kit/selectors.ts';

/** Series that Prometheus itself makes of every scrape and alert. Source: Prometheus documentation, "Jobs and instances", "Alerting rules". */
export const builtIn = {
  up: 'up',
  duration: 'scrape_duration_seconds',
  alerts: 'ALERTS',
  /** Unix time since when the alert's condition has been true. */
  alertsSince: 'ALERTS_FOR_STATE',
} as const;

/** Present as long as rules are evaluated: what says "no alert fires" needs it. */
export const watchdog = series(builtIn.alerts, { alertname: 'Watchdog', alertstate: 'firing' });

/** Prometheus's own metrics, as 2.42 and 3.x have them. */
export const prometheus = {
  reloaded: 'prometheus_config_last_reload_successful',
  ruleFailures: 'prometheus_rule_evaluation_failures_total',
  groupDuration: 'prometheus_rule_group_last_duration_seconds',
  groupInterval: 'prometheus_rule_group_interval_seconds',
  headSeries: 'prometheus_tsdb_head_series',
  /** Between `prometheus_tsdb_` and `_bytes`; 2.42 has the first alone. */
  stored: ['storage_blocks', 'wal_storage_size', 'head_chunks_storage_size'],
  alertmanagers: 'prometheus_notifications_alertmanagers_discovered',
  alertsSent: 'prometheus_notifications_sent_total',
  alertsRefused: 'prometheus_notifications_errors_total',
} as const;

/** Alertmanager's own metrics, as 0.25 and 0.33 have them. */
export const alertmanager = {
  reloaded: 'alertmanager_config_last_reload_successful',
  received: 'alertmanager_alerts_received_total',
  notifications: 'alertmanager_notifications_total',
  notificationsFailed: 'alertmanager_notifications_failed_total',
} as const;

/** What the client libraries of Go, Node.js and others tell of their process. */
export const process = {
  memory: 'process_resident_memory_bytes',
} as const;
