import type { Report } from './checks.ts';
import { child, itemsAt, type Node, nodeAt, type Path, textAt } from './tree.ts';
import { type DatabaseEngine, databaseEngines, databaseExporters } from './types.ts';

/** How an exporter that is installed gets into its database. */
const parts = ['address', 'database', 'user', 'password', 'tls'] as const;

/** Whether the exporter of each database can be had and gets in, and tells of that database only. */
export function checkDatabases(root: Node, report: Report): void {
  for (const engine of databaseEngines) component(root, engine, report);
  const taken = new Map<string, string>();
  for (const [index, database] of itemsAt(root, ['databases']).entries()) {
    if (database.kind !== 'map' || !['install', undefined].includes(textAt(database, ['exporter']))) continue;
    const at: At = (key) => ['databases', index, key];
    const existing = existingExporter(root, database);
    if (existing === undefined) installed(root, database, at, report);
    else shared(taken, existing, database, at, report);
  }
}

type At = (key: string) => Path;

function engineOf(database: Node): DatabaseEngine | undefined {
  return databaseEngines.find((engine) => engine === textAt(database, ['engine']));
}

/** Address of the one that is there already; undefined: one is installed. */
function existingExporter(root: Node, database: Node): string | undefined {
  const own = child(database, 'exporter');
  if (own !== undefined) return textAt(own, ['existing']);
  const engine = engineOf(database);
  return engine === undefined ? undefined : textAt(root, ['components', databaseExporters[engine], 'existing']);
}

function component(root: Node, engine: DatabaseEngine, report: Report): void {
  const path = ['components', databaseExporters[engine]];
  const setting = textAt(root, path);
  const databases = itemsAt(root, ['databases']).filter((database) => textAt(database, ['engine']) === engine);
  if (setting === 'none' && databases.some((database) => child(database, 'exporter') === undefined)) {
    report(path, `nobody tells of the databases of engine ${engine}; remove it, or write {existing: <host:port>}`);
  }
  if (setting !== 'none' && nodeAt(root, path) !== undefined && databases.length === 0) {
    report(path, `no database of engine ${engine} is declared; remove it`);
  }
}

function installed(root: Node, database: Node, at: At, report: Report): void {
  if (textAt(root, ['platform']) === 'local') {
    report(at('exporter'), 'platform local installs no exporters; write {existing: <host:port>} of one that runs');
    return;
  }
  const [connection, address] = [child(database, 'connection'), child(database, 'address')];
  if (connection === undefined) {
    if (address === undefined) report(at('address'), 'missing: write where the database is, or its connection');
    login(database, at, report);
    return;
  }
  for (const key of parts) {
    if (child(database, key) !== undefined) report(at(key), 'is said in the connection; remove one of the two');
  }
}

/** Source: the exporters' own documentation: each leaves out a login of which it has one half only. */
function login(database: Node, at: At, report: Report): void {
  const engine = engineOf(database);
  const has = (key: string) => child(database, key) !== undefined;
  if (engine === 'redis' && has('database')) report(at('database'), 'databases of redis have no names; remove it');
  if (engine === 'postgres' && !has('user')) report(at('user'), 'missing: PostgreSQL lets nobody in without a name');
  if (engine === 'mongodb' && has('password') && !has('user')) report(at('user'), 'missing: the password is of a user');
  if (engine !== 'postgres' && has('user') && !has('password')) {
    report(at('password'), 'missing: with a user goes a password');
  }
}

function shared(taken: Map<string, string>, existing: string, database: Node, at: At, report: Report): void {
  const first = taken.get(existing);
  if (first !== undefined) {
    report(at('exporter'), `${existing} tells of the database ${first} already; each has an exporter of its own`);
  }
  taken.set(existing, textAt(database, ['name']) ?? '');
  for (const key of [...parts, 'connection']) {
    if (child(database, key) !== undefined)
      report(at(key), 'is known to the exporter that is there already; remove it');
  }
}
