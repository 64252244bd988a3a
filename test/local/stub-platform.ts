import { localPaths } from '../../provision/local/paths.ts';
import type { Platform } from '../../provision/local/platform.ts';
import { Supervisor } from '../../provision/local/supervisor/supervisor.ts';
import type { PartClient } from '../../provision/local/types.ts';
import { localStack } from '../support/stacks.ts';

export interface Asked {
  readonly path: string;
  readonly init: RequestInit | undefined;
}

/** What Prometheus says of its alerting rules; a test may change it while a page is open. */
export interface World {
  groups: readonly unknown[];
}

/**
 * A platform for tests of the pages: no part runs, Prometheus and Alertmanager answer as if they had nothing but what the
 * world holds, and what they were asked is noted.
 */
export function stubPlatform(
  directory: string,
  port: number,
  now: () => number,
  asked: Asked[],
  world: World,
): Platform {
  const paths = localPaths(directory);
  const answering: PartClient = async (path, init) => {
    asked.push({ path, init });
    if (path.startsWith('/api/v1/'))
      return Response.json({ data: { result: [], groups: world.groups, activeTargets: [] } });
    if (init?.method === 'POST') return Response.json({ silenceID: 'new-silence' });
    return Response.json([]);
  };
  const supervisor = new Supervisor([], {
    log: paths.log,
    env: {},
    guard: [],
    now,
    record: () => {},
    changed: () => {},
  });
  return {
    stack: { ...localStack, local: { ...localStack.local!, startPage: `127.0.0.1:${port}`, inbox: null } },
    paths,
    clients: {
      prometheus: answering,
      alertmanager: answering,
      exporter: answering,
      inbox: null,
      app: null,
      jobs: null,
    },
    supervisor,
    incidents: null,
    notes: [],
    startedAt: now(),
    now,
    user: 'me',
  };
}
