import { formatDuration } from '../../common/durations.ts';
import { defaults, defaultVersions } from '../defaults.ts';
import { severities } from '../types.ts';
import { alertmanagerSupport, prometheusSupport } from '../versions.ts';
import { storage } from './cluster.ts';
import { grafana } from './grafana.ts';
import * as scalar from './scalars.ts';
import { secret } from './secrets.ts';
import { byAlert, labels, list, optional, required, section } from './structure.ts';

const every = (meaning: string, seconds: number) => optional(meaning, scalar.interval, formatDuration(seconds));

const intervals = section('intervals', {
  scrape: every('between two scrapes of a target', defaults.intervals.scrape),
  evaluation: every('between two evaluations of the rules', defaults.intervals.evaluation),
  collection: every('between two readings of backups, volumes and certificates', defaults.intervals.collection),
  groupWait: every('before the first message of a group', defaults.intervals.groupWait),
  groupInterval: every('between two messages about changes in a group', defaults.intervals.groupInterval),
  repeat: every('between two messages about the same alerts', defaults.intervals.repeat),
});

const replicas = (meaning: string) => optional(`how many of it run in a cluster: ${meaning}`, scalar.replicas, '1');

const prometheus = section('Prometheus', {
  version: optional(
    'its version',
    scalar.version(prometheusSupport),
    `${defaultVersions.kubernetes.prometheus}, on one machine ${defaultVersions.local.prometheus}`,
  ),
  retention: optional(
    'how much it keeps',
    section('how much it keeps', {
      time: every('how long samples are kept', defaults.retention.time),
      size: optional(
        'how much room they may take',
        scalar.size,
        'in a cluster four fifths of the claim, on one machine no limit',
      ),
    }),
  ),
  storage: storage('prometheus'),
  replicas: replicas('each scrapes and judges everything, with a claim of its own; their alerts are sent once'),
});

const email = section('messages by mail', {
  smarthost: optional('the mail server', scalar.address, 'on one machine the inbox of the stack'),
  from: optional('who sends', scalar.mailbox),
  to: optional('who is told', list('mail addresses', scalar.mailbox).min(1, { error: 'at least one mail address' })),
  user: optional('our name at the mail server', scalar.user, 'it asks for none'),
  password: optional('our password at the mail server', secret),
  tls: optional('whether the connection must be encrypted', scalar.boolean, 'true'),
});

const slack = section('messages in Slack', {
  webhook: optional('the incoming webhook', secret, 'on one machine the inbox of the stack'),
  channel: optional('where they appear', scalar.channel),
});

const alertmanager = section('Alertmanager', {
  version: optional(
    'its version',
    scalar.version(alertmanagerSupport),
    `${defaultVersions.kubernetes.alertmanager}, on one machine ${defaultVersions.local.alertmanager}`,
  ),
  storage: storage('alertmanager'),
  replicas: replicas('they share silences and what was sent, each with a claim of its own; a message goes out once'),
  email: optional('messages by mail', email),
  slack: optional('messages in Slack', slack),
  heartbeat: optional('a URL that is called as long as alerts can arrive', secret, 'none'),
});

const alert = section('what differs from the default of an alert', {
  threshold: optional('its limit, in the unit of the alert', scalar.threshold),
  for: optional('how long it must hold before it fires', scalar.duration),
  severity: optional('how urgent it is', scalar.choice(severities)),
  enabled: optional('whether it exists', scalar.boolean, 'true'),
});

const exporter = section('the exporter', {
  tls: optional(
    'the certificate with which it answers',
    section('its certificate', {
      secret: required('the TLS Secret, with the authority as ca.crt', scalar.objectName),
      serverName: optional('the name that the certificate is for', scalar.hostName, 'lookout-exporter'),
    }),
    'plain HTTP',
  ),
  nodes: labels('the labels of the nodes whose directories are read', 'every node'),
  traces: optional('the OTLP/HTTP receiver that takes a trace of each reading', scalar.url, 'none is sent'),
});

const jaeger = section('Jaeger', {
  retention: every('how long a trace is kept on the claim', defaults.traces.retention),
  memory: optional(
    'so many traces are kept in memory, and none on a claim',
    scalar.traces,
    'they are kept on the claim',
  ),
  storage: storage('jaeger'),
});

/** How the parts of the stack work. */
export const parts = {
  exporter: optional('what reads backups, volumes and certificates', exporter),
  intervals: optional('how often things happen; each is divided by the pace', intervals),
  prometheus: optional('the time series database', prometheus),
  alertmanager: optional('who is told', alertmanager),
  grafana: optional('where dashboards are shown', grafana),
  jaeger: optional('where traces are kept', jaeger),
  alerts: optional('what differs from the defaults of the alerts', byAlert(alert)),
};
