import { defaults } from '../defaults.ts';
import { conventions } from '../types.ts';
import { backup } from './backups.ts';
import { certificates } from './certificates.ts';
import { database } from './databases.ts';
import { probe } from './probes.ts';
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

const volume = section('a claim or a directory whose fill level matters', {
  name: optional('its name', scalar.name, 'the name of its claim'),
  namespace: optional('the namespace of its claim', scalar.label, 'namespace of the environment'),
  claim: optional('the claim that it is; with a directory it is mounted and added up', scalar.objectName, 'none'),
  directory: optional('where it is: on the node, or below the root of the claim', scalar.path),
  size: optional('its declared size', scalar.size, 'as large as its file system'),
});

/** What is scraped, read and asked. */
export const sources = {
  applications: optional('what is scraped', list('applications', application)),
  probes: optional('platform kubernetes: what must answer', list('probes', probe)),
  databases: optional('which databases are watched', list('databases', database)),
  backups: optional('which backups must be there', list('backups', backup)),
  volumes: optional('which directories may not fill up', list('volumes', volume)),
  certificates: optional('which certificates may not expire', certificates),
};
