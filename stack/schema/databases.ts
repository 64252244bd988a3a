import { z } from 'zod';
import { databaseEngines, databaseTls } from '../types.ts';
import * as scalar from './scalars.ts';
import { secret } from './secrets.ts';
import { optional, required, section } from './structure.ts';

const existing = { error: 'install, or {existing: <host:port>} for one that is there already' };
const userError = { error: 'a name, or {secret: <Kubernetes Secret>, key: <key>} where it is kept' };

export const database = section('a database server', {
  name: required('its name', scalar.databaseName),
  engine: required('what it is', scalar.choice(databaseEngines)),
  address: optional('where it is; the port may be left out', scalar.server),
  database: optional(
    'the database that the exporter connects to; of mongodb the one that knows the user',
    scalar.user,
    'postgres, of mongodb admin',
  ),
  user: optional('as whom the exporter logs in', z.union([scalar.user, secret], userError), 'nobody'),
  password: optional('its password', secret, 'none'),
  tls: optional('how the connection is protected', scalar.choice(databaseTls), 'none'),
  connection: optional(
    'instead of all of these: one secret that is the whole URL, such as postgresql://user:password@host/database',
    secret,
  ),
  exporter: optional(
    'the exporter that tells of it',
    z.union([z.literal('install'), z.strictObject({ existing: scalar.address }, existing)], existing),
    'as components says for its engine',
  ),
});
