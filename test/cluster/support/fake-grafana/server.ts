import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Database } from './database.ts';
import { readDashboards, readDataSources } from './provisioning.ts';
import { type Answer, failed, type Route, routes, type World } from './routes.ts';
import type { Settings } from './settings.ts';

export interface FakeGrafana {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Stands in for Grafana where its image cannot be had: the calls that we make, and what it refuses. */
export async function openFakeGrafana(
  settings: Settings,
  { log, now }: { readonly log: (line: string) => void; readonly now: () => number },
): Promise<FakeGrafana> {
  const database = new Database(settings.data, now);
  database.addFirstUser(settings.user, settings.password);
  let sources = readDataSources(settings);
  const world: World = {
    database,
    dashboards: () => readDashboards(settings, log),
    dataSources: () => sources,
    reload: () => {
      sources = readDataSources(settings);
    },
  };
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, settings, world).catch((error: unknown) => {
      log(String(error));
      return failed(500, 'Internal server error');
    });
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-fake-grafana': 'true' })
      .end(JSON.stringify(body));
  });
  server.listen(settings.port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, { subPath, anonymous }: Settings, world: World): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://grafana');
  const path = url.pathname.startsWith(`${subPath}/`) ? url.pathname.slice(subPath.length) : url.pathname;
  const user = login(request.headers.authorization, world.database);
  if (user === undefined) return failed(401, 'Invalid username or password');
  const found = find(request.method ?? 'GET', path);
  if (found === undefined) return failed(404, 'Not found');
  const { route, at } = found;
  const open = route.needs === 'nobody' || (route.needs === 'viewer' && anonymous);
  if (user === null && !open) return failed(401, 'Unauthorized');
  return route.answer({ at, query: url.searchParams, user, body: await bodyOf(request) }, world);
}

/** The user of a basic authorization; null without one, undefined when it is refused. */
function login(header: string | undefined, database: Database): string | null | undefined {
  if (header === undefined) return null;
  const text = Buffer.from(/^Basic (.+)$/.exec(header)?.[1] ?? '', 'base64').toString();
  const [user = '', ...password] = text.split(':');
  return database.accepts(user, password.join(':')) ? user : undefined;
}

function find(method: string, path: string): { readonly route: Route; readonly at: readonly string[] } | undefined {
  for (const route of routes) {
    const match = new RegExp(`^${route.path.replaceAll(':', '([^/]+)')}$`).exec(path);
    if (match !== null && route.method === method) return { route, at: match.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
