import { formatDuration } from '../../common/durations.ts';
import { defaults } from '../defaults.ts';
import { backupEngines, conventions } from '../types.ts';
import * as scalar from './scalars.ts';
import { generatedSecret } from './secrets.ts';
import { list, optional, required, section } from './structure.ts';

const metrics = section('its metrics endpoint', {
  address: required('where Prometheus reaches it', scalar.address),
  path: optional('the path of its metrics', scalar.urlPath, defaults.metrics.path),
  scheme: optional('how it is reached', scalar.choice(['http', 'https']), defaults.metrics.scheme),
  interval: optional('how often it is scraped', scalar.interval, 'intervals.scrape'),
  token: optional('the bearer token sent with each scrape', generatedSecret, 'none'),
});

const application = section('an application', {
  name: required('its name, also the name of its scrape job', scalar.label),
  metrics: optional('its metrics endpoint', metrics, 'it has none of its own'),
  convention: optional('how it names its metrics', scalar.choice(conventions), 'only whether it is up is known'),
});

const retention = section('how long dumps are kept', {
  age: required('dumps older than this should be gone', scalar.interval),
  tolerance: optional(
    'how much older is still normal: find -mtime counts whole days, and a clean-up comes once a day',
    scalar.duration,
    formatDuration(defaults.backup.tolerance),
  ),
  floor: optional('so many complete dumps must always be there', scalar.count, `${defaults.backup.floor}`),
});

const backup = section('a directory into which something writes one dump after the other', {
  name: required('its name', scalar.name),
  directory: required('where the dumps are, as the exporter sees it', scalar.path),
  pattern: required('the path of a dump below the directory, with the time of its run', scalar.pattern),
  engine: required('what is dumped', scalar.choice(backupEngines)),
  schedule: optional('when a dump is made', scalar.cron, 'expectedInterval must be given'),
  timezone: optional('the zone of the schedule', scalar.timezone, 'timezone of the environment'),
  clock: optional('the zone of the time in the name', scalar.timezone, 'the zone of the schedule'),
  expectedInterval: optional('without a schedule: the longest time between two dumps', scalar.interval),
  grace: optional(
    'how long a dump may take after its scheduled time',
    scalar.duration,
    formatDuration(defaults.backup.grace),
  ),
  settle: optional(
    'a dump that has not changed for so long is finished',
    scalar.duration,
    formatDuration(defaults.backup.settle),
  ),
  retention: optional('how long dumps are kept', retention, 'not watched'),
  ignore: optional('entries that are known and no dumps', list('patterns of names such as *.meta.json', scalar.glob)),
});

const volume = section('a directory whose fill level matters', {
  name: required('its name, or that of its claim', scalar.name),
  namespace: optional('the namespace of its claim', scalar.label, 'namespace of the environment'),
  directory: required('where it is, as the exporter sees it', scalar.path),
  size: optional('its declared size', scalar.size, 'as large as its file system'),
});

const file = section('a stored certificate', {
  name: required('its name', scalar.name),
  path: required('a PEM file', scalar.path),
});

const endpoint = section('a server that presents a certificate', {
  name: required('its name', scalar.name),
  address: required('where it listens; without a port 443', scalar.server),
  serverName: optional('the name that is asked for (SNI)', scalar.hostName, 'the host of the address'),
  authority: optional('a PEM file of authorities that are trusted too', scalar.path, 'only the public ones'),
  expects: optional('the certificate of files that it serves', scalar.name, 'it is compared with none'),
  timeout: optional('how long it may take', scalar.interval, formatDuration(defaults.endpoint.timeout)),
});

/** What is scraped, read and asked. */
export const sources = {
  applications: optional('what is scraped', list('applications', application)),
  backups: optional('which backups must be there', list('backups', backup)),
  volumes: optional('which directories may not fill up', list('volumes', volume)),
  certificates: optional(
    'which certificates may not expire',
    section('certificates', {
      files: optional('certificates in PEM files', list('stored certificates', file)),
      endpoints: optional('certificates as servers present them', list('servers', endpoint)),
    }),
  ),
};
