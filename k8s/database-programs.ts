import {
  credentialPath,
  type DatabaseAccess,
  type DatabaseEngine,
  type DatabaseTls,
  type SecretName,
  type Stack,
} from '../stack/types.ts';
import { type MountedSecret, secretKey, valueAt } from './credentials.ts';

/** What differs between the exporters of the engines. */
interface Program {
  readonly args: readonly string[];
  /** Page that answers without asking the database. */
  readonly health: string;
  /** Variables for the whole connection, for the server, for the name and for the password. */
  readonly variables: {
    readonly connection: string;
    readonly server: string;
    readonly user: string;
    readonly password: string;
  };
  readonly url: (server: Server) => string;
  /** Variables that hold besides. */
  readonly besides?: (server: Server) => Readonly<Record<string, string>>;
}

type Server = Extract<DatabaseAccess, { readonly kind: 'server' }>;

/** Sources: the READMEs of postgres_exporter, mongodb_exporter (and its REFERENCE) and redis_exporter. */
const programs: Readonly<Record<DatabaseEngine, Program>> = {
  postgres: {
    args: [],
    health: '/',
    variables: {
      connection: 'DATA_SOURCE_NAME',
      server: 'DATA_SOURCE_URI',
      user: 'DATA_SOURCE_USER',
      password: 'DATA_SOURCE_PASS',
    },
    url: ({ address, database, tls }) => `${address}/${encodeURIComponent(database ?? '')}?sslmode=${sslModes[tls]}`,
  },
  mongodb: {
    args: ['--compatible-mode', '--collector.diagnosticdata', '--collector.replicasetstatus', '--collector.dbstats'],
    health: '/',
    variables: {
      connection: 'MONGODB_URI',
      server: 'MONGODB_URI',
      user: 'MONGODB_USER',
      password: 'MONGODB_PASSWORD',
    },
    url: ({ address, database, tls }) => `mongodb://${address}/?${mongoOptions(database ?? '', tls)}`,
  },
  redis: {
    args: [],
    health: '/health',
    variables: { connection: 'REDIS_ADDR', server: 'REDIS_ADDR', user: 'REDIS_USER', password: 'REDIS_PASSWORD' },
    url: ({ address, tls }) => `${tls === 'none' ? 'redis' : 'rediss'}://${address}`,
    besides: ({ tls }) => (tls === 'encrypted' ? { REDIS_EXPORTER_SKIP_TLS_VERIFICATION: 'true' } : {}),
  },
};

/** Source: PostgreSQL documentation, libpq, `sslmode`. */
const sslModes: Readonly<Record<DatabaseTls, string>> = {
  none: 'disable',
  encrypted: 'require',
  verified: 'verify-full',
};

/** Source: MongoDB documentation, Connection String Options. */
function mongoOptions(database: string, tls: DatabaseTls): string {
  const secured = { none: {}, encrypted: { tls: 'true', tlsInsecure: 'true' }, verified: { tls: 'true' } }[tls];
  return new URLSearchParams({ authSource: database, ...secured }).toString();
}

/** How an exporter is started so that it gets into its database; secrets are named in variables only. */
export function program(engine: DatabaseEngine, access: DatabaseAccess, stack: Stack) {
  const { args, health, variables, url, besides } = programs[engine];
  const secret = (name: string, value: SecretName) => ({
    name,
    valueFrom: { secretKeyRef: secretKey(credentialPath(value), stack) },
  });
  if (access.kind === 'connection') return { args, health, env: [secret(variables.connection, access.connection)] };
  const { user, password } = access;
  const plain = { [variables.server]: url(access), ...(besides?.(access) ?? {}) };
  return {
    args,
    health,
    env: [
      ...Object.entries(plain).map(([name, value]) => ({ name, value })),
      ...(user === null
        ? []
        : ['secret' in user ? secret(variables.user, user.secret) : { name: variables.user, value: user.name }]),
      ...(password === null ? [] : [secret(variables.password, password)]),
    ],
  };
}

/** The secrets that the variables of an exporter name. */
export function credentialsIn(access: DatabaseAccess): readonly MountedSecret[] {
  const names =
    access.kind === 'connection'
      ? [access.connection]
      : [access.user !== null && 'secret' in access.user ? access.user.secret : null, access.password];
  return names.flatMap((name) => (name === null ? [] : [valueAt(credentialPath(name), name)]));
}
