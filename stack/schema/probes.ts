import { formatDuration } from '../../common/durations.ts';
import { defaults } from '../defaults.ts';
import * as scalar from './scalars.ts';
import { list, optional, required, section } from './structure.ts';

/** What is asked from inside the cluster whether it answers. */
export const probe = section('a page or a server that must answer', {
  name: required('its name', scalar.name),
  url: optional('the page that is asked for', scalar.page),
  tcp: optional('the server that must take a connection', scalar.address),
  status: optional(
    'the status codes that are good',
    list('status codes', scalar.status).min(1, { error: 'at least one status code' }),
    'every 2xx',
  ),
  redirects: optional('whether the answer counts to which the first one sends', scalar.boolean, 'true'),
  contains: optional('what the page must contain, word by word', scalar.words, 'anything'),
  trusted: optional('whether a certificate that does not verify is a failure', scalar.boolean, 'true'),
  interval: optional('how often it is asked', scalar.interval, 'intervals.scrape'),
  timeout: optional('how long it may take', scalar.interval, formatDuration(defaults.probe.timeout)),
  module: optional(
    'which module of a blackbox exporter that is there already asks',
    scalar.module,
    'http_2xx for a url, tcp_connect for tcp',
  ),
});
