import { databaseNames, databasePorts } from './defaults.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import {
  type ClusterSettings,
  type ComponentSetting,
  type Database,
  type DatabaseAccess,
  type DatabaseEngine,
  type DatabaseExporter,
  databaseEngines,
  databaseExporters,
  databaseJob,
} from './types.ts';

type Item = NonNullable<Declared['databases']>[number];

export function resolveDatabase(database: Item, components: Declared['components']): Database {
  const { name, engine } = database;
  const existing = existingExporter(database, components);
  return {
    name,
    engine,
    exporter: existing ?? `${databaseJob(name)}:${databasePorts[engine].exporter}`,
    access: existing === null ? access(database) : null,
  };
}

/** Each exporter is installed as soon as one database needs it. */
export function databaseComponents({
  databases = [],
  components,
}: Declared): Pick<ClusterSettings['components'], DatabaseExporter> {
  const setting = (engine: DatabaseEngine): ComponentSetting => {
    const ofEngine = databases.filter((database) => database.engine === engine);
    const found = ofEngine.map((database) => existingExporter(database, components));
    if (found.includes(null)) return { kind: 'install' };
    const [address] = found;
    return address === undefined || address === null ? { kind: 'none' } : { kind: 'existing', address };
  };
  const entries = databaseEngines.map((engine) => [databaseExporters[engine], setting(engine)]);
  return Object.fromEntries(entries) as Pick<ClusterSettings['components'], DatabaseExporter>;
}

/** `host:port` of the exporter that is there already: its own, or the one of its engine; null: one is installed. */
function existingExporter({ engine, exporter }: Item, components: Declared['components']): string | null {
  const setting = exporter ?? components?.[databaseExporters[engine]] ?? 'install';
  return typeof setting === 'string' ? null : setting.existing;
}

function access({ name, engine, address, user, ...declared }: Item): DatabaseAccess {
  if (declared.connection !== undefined) {
    return { kind: 'connection', connection: secretNames.database(name, 'connection') };
  }
  const { host = '', port = databasePorts[engine].server } = address ?? {};
  return {
    kind: 'server',
    address: `${host}:${port}`,
    database: declared.database ?? databaseNames[engine],
    user: who(name, user),
    password: declared.password === undefined ? null : secretNames.database(name, 'password'),
    tls: declared.tls ?? 'none',
  };
}

function who(name: string, user: Item['user']) {
  if (user === undefined) return null;
  return typeof user === 'string' ? { name: user } : { secret: secretNames.database(name, 'user') };
}
