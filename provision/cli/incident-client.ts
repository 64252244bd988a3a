import { pageClient } from '../local/page-client.ts';
import type { LocalPaths } from '../local/paths.ts';
import type { Incident, IncidentRun } from '../local/types.ts';

/** The incidents of a stack that is up, through its start page. Each call rejects with a UserError that tells the page's own reason. */
export interface IncidentClient {
  /** Base URL of the start page. */
  readonly page: string;
  readonly look: () => Promise<{ readonly list: readonly Incident[]; readonly current: IncidentRun | null }>;
  readonly start: (name: string) => Promise<IncidentRun>;
  readonly clear: () => Promise<{ readonly current: IncidentRun | null }>;
}

/** null when the stack is not up. */
export function incidentClient(paths: LocalPaths): IncidentClient | null {
  const client = pageClient(paths);
  if (client === null) return null;
  const { page, ask } = client;
  return {
    page,
    look: () => ask('GET', 'api/incidents'),
    start: (name) => ask('POST', `api/incidents/${encodeURIComponent(name)}`),
    clear: () => ask('DELETE', 'api/incidents'),
  };
}
