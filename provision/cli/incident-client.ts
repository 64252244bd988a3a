import { readFileSync } from 'node:fs';
import { UserError } from '../../common/problems.ts';
import type { LocalPaths } from '../local/paths.ts';
import { runFiles } from '../local/run-files.ts';
import { livingHolder } from '../local/supervisor/lock.ts';
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
  const files = runFiles(paths);
  const page = livingHolder(files.lock)?.page;
  if (page === null || page === undefined) return null;
  const ask = async <Answer>(method: string, path: string): Promise<Answer> => {
    const authorization = `Bearer ${readFileSync(files.token, 'utf8').trim()}`;
    const response = await send(new URL(path, page), { method, headers: { authorization } });
    const answer = await response.json();
    if (!response.ok)
      throw new UserError((answer as { message?: string }).message ?? `answered with ${response.status}`);
    return answer as Answer;
  };
  return {
    page,
    look: () => ask('GET', 'api/incidents'),
    start: (name) => ask('POST', `api/incidents/${encodeURIComponent(name)}`),
    clear: () => ask('DELETE', 'api/incidents'),
  };
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new UserError(`the stack does not answer at ${url.origin}: is it just stopping? See where it runs`, {
      cause,
    });
  }
}
