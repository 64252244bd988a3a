import { describe, expect, test } from 'vitest';
import { program } from '../../k8s/database-programs.ts';
import { type DatabaseEngine, type DatabaseTls, databaseEngines } from '../../stack/types.ts';
import { variants } from './variants.ts';

const stack = variants['full']!;

/** The variables of an exporter without those that come from Secrets. */
function plain(engine: DatabaseEngine, tls: DatabaseTls): Readonly<Record<string, string>> {
  const database = engine === 'redis' ? null : 'a/b c';
  const access = { kind: 'server', address: 'db:1', database, user: null, password: null, tls } as const;
  const { env } = program(engine, access, stack);
  return Object.fromEntries(env.flatMap((one) => ('value' in one ? [[one.name, one.value]] : [])));
}

describe('an exporter is told where its database is, and how the connection is protected:', () => {
  const cases: readonly (readonly [DatabaseEngine, DatabaseTls, Readonly<Record<string, string>>])[] = [
    ['postgres', 'none', { DATA_SOURCE_URI: 'db:1/a%2Fb%20c?sslmode=disable' }],
    ['postgres', 'encrypted', { DATA_SOURCE_URI: 'db:1/a%2Fb%20c?sslmode=require' }],
    ['postgres', 'verified', { DATA_SOURCE_URI: 'db:1/a%2Fb%20c?sslmode=verify-full' }],
    ['mongodb', 'none', { MONGODB_URI: 'mongodb://db:1/?authSource=a%2Fb+c' }],
    ['mongodb', 'encrypted', { MONGODB_URI: 'mongodb://db:1/?authSource=a%2Fb+c&tls=true&tlsInsecure=true' }],
    ['mongodb', 'verified', { MONGODB_URI: 'mongodb://db:1/?authSource=a%2Fb+c&tls=true' }],
    ['redis', 'none', { REDIS_ADDR: 'redis://db:1' }],
    ['redis', 'encrypted', { REDIS_ADDR: 'rediss://db:1', REDIS_EXPORTER_SKIP_TLS_VERIFICATION: 'true' }],
    ['redis', 'verified', { REDIS_ADDR: 'rediss://db:1' }],
  ];
  test.each(cases)('%s, %s', (engine, tls, expected) => expect(plain(engine, tls)).toEqual(expected));
});

test.each(databaseEngines)('the whole connection of a %s comes from its Secret, and nothing else is said', (engine) => {
  const { args, env } = program(engine, { kind: 'connection', connection: 'database-reports-connection' }, stack);
  expect(env).toHaveLength(1);
  expect(env[0]).toMatchObject({ valueFrom: { secretKeyRef: { name: 'backend', key: 'DB_URL' } } });
  expect(args.join(' ')).not.toMatch(/uri|url|password|user/i);
});
