import { readFileSync } from 'node:fs';
import { UserError } from '../../common/problems.ts';
import type { LocalPaths } from './paths.ts';
import { runFiles } from './run-files.ts';
import { type Holder, livingHolder } from './supervisor/lock.ts';

/** The start page of a stack that is up, asked by a program of the same user. */
export interface PageClient {
  readonly holder: Holder;
  /** Base URL. */
  readonly page: string;
  /** The JSON below `/api/`; rejects with a UserError that tells the page's own reason. */
  readonly ask: <Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Answer>;
}

/** null when the stack is not up, or has only just begun. */
export function pageClient(paths: LocalPaths): PageClient | null {
  const files = runFiles(paths);
  const holder = livingHolder(files.lock);
  if (holder === null || holder.page === null) return null;
  const { page } = holder;
  return { holder, page, ask: (method, path, body) => ask(new URL(path, page), files.token, method, body) };
}

async function ask<Answer>(url: URL, tokenFile: string, method: string, body: unknown): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8')}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch (cause) {
    throw new UserError(`the stack does not answer at ${url.origin}: is it just stopping? See where it runs`, {
      cause,
    });
  }
  const answer: unknown = await response.json();
  if (!response.ok) throw new UserError(reasonOf(answer) ?? `${url.pathname} answered ${response.status}`);
  return answer as Answer;
}

function reasonOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) return undefined;
  return String(answer.message);
}
