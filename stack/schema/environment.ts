import type { z } from 'zod';
import { backupEngines, conventions, severities } from '../types.ts';
import { alertmanagerSupport, prometheusSupport } from '../versions.ts';
import {
  address,
  boolean,
  choice,
  cron,
  duration,
  interval,
  label,
  name,
  number,
  path,
  server,
  size,
  text,
  threshold,
  timezone,
  url,
  version,
} from './scalars.ts';
import { generatedSecret, secret } from './secrets.ts';
import { alerts, list, section } from './structure.ts';

const intervals = section('how often things happen; each is divided by the pace', {
  scrape: interval.optional(),
  evaluation: interval.optional(),
  collection: interval.optional(),
  groupWait: duration.optional(),
  groupInterval: interval.optional(),
  repeat: interval.optional(),
});

const application = section('an application', {
  name: label,
  metrics: section('its metrics endpoint; left out when it has none of its own', {
    address,
    path: text('a path that begins with / such as /metrics', /^\/\S*$/).optional(),
    scheme: choice(['http', 'https']).optional(),
    interval: interval.optional(),
    token: generatedSecret.optional(),
  }).optional(),
  convention: choice(conventions).optional(),
});

const backup = section('a directory into which something writes one dump after the other', {
  name,
  directory: path,
  pattern: text('the name of a dump with the fields of its time such as shop_%Y%m%d_%H%M%S.sql.gz'),
  engine: choice(backupEngines),
  schedule: cron.optional(),
  timezone: timezone.optional(),
  clock: timezone.optional(),
  expectedInterval: interval.optional(),
  grace: duration.optional(),
  settle: duration.optional(),
  retention: section('how long dumps are kept', {
    age: interval,
    tolerance: duration.optional(),
    floor: number('a whole number from 0', (value) => Number.isInteger(value) && value >= 0).optional(),
  }).optional(),
  ignore: list(
    'patterns of what is known and no dump, such as *.meta.json',
    text('a pattern such as *.log'),
  ).optional(),
});

const volume = section('a directory whose fill level matters', {
  name,
  namespace: label.optional(),
  directory: path,
  size: size.optional(),
});

const certificates = section('certificates in files and on servers', {
  files: list('stored certificates', section('a PEM file', { name, path })).optional(),
  endpoints: list(
    'servers that present a certificate',
    section('a TLS server', {
      name,
      address: server,
      serverName: text('the name that is asked for such as shop.example.com', /^[A-Za-z0-9_*.-]+$/).optional(),
      authority: path.optional(),
      expects: name.optional(),
      timeout: interval.optional(),
    }),
  ).optional(),
});

const mailbox = text('a mail address such as operator@example.com', /^[^\s@<>]+@[^\s@<>]+$/);

const alertmanager = section('who is told', {
  version: version(alertmanagerSupport).optional(),
  email: section('messages by mail', {
    smarthost: address.optional(),
    from: mailbox.optional(),
    to: list('mail addresses', mailbox).min(1, { error: 'at least one mail address' }).optional(),
    user: text('the name under which the mail server knows us').optional(),
    password: secret.optional(),
    tls: boolean.optional(),
  }).optional(),
  slack: section('messages in Slack', {
    webhook: secret.optional(),
    channel: text('a channel such as "#alerts"', /^[#@]\S+$/).optional(),
  }).optional(),
  heartbeat: secret.optional(),
});

/** One instance of an environment, after its overrides: every section and key that a person can write. */
export const environment = section('an environment', {
  platform: choice(['kubernetes', 'local']),
  namespace: label.optional(),
  timezone: timezone.optional(),
  pace: number('a number from 1 to 60', (value) => value >= 1 && value <= 60).optional(),
  intervals: intervals.optional(),
  applications: list('applications', application).optional(),
  backups: list('backups', backup).optional(),
  volumes: list('volumes', volume).optional(),
  certificates: certificates.optional(),
  prometheus: section('the time series database', {
    version: version(prometheusSupport).optional(),
    retention: section('how much is kept', { time: interval.optional(), size: size.optional() }).optional(),
  }).optional(),
  alertmanager: alertmanager.optional(),
  grafana: section('where dashboards are shown', { url: url.optional() }).optional(),
  alerts: alerts(
    section('what differs from the default of an alert', {
      threshold: threshold.optional(),
      for: duration.optional(),
      severity: choice(severities).optional(),
      enabled: boolean.optional(),
    }),
  ).optional(),
  local: section('on one machine', { demonstration: boolean.optional() }).optional(),
});

/** What the user declared, read: durations in seconds, sizes in bytes, nothing defaulted yet. */
export type Declared = z.output<typeof environment>;
