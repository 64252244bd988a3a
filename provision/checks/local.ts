import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readIfPresent } from '../../common/files.ts';
import { jobs, type SecretName } from '../../stack/types.ts';
import { buildOutputs } from '../build/outputs.ts';
import { whereFrom } from '../credentials/values.ts';
import type { Running } from '../local/running.ts';
import type { CheckContext } from './check.ts';
import { basic, basicDefault, bearerDefault, httpService, type Service } from './service.ts';

/** The context of the checks for a stack on this machine. */
export function localContext(running: Running, now: () => number): CheckContext {
  const { stack, own, paths, values } = running;
  const { prometheus, alertmanager, exporter, local } = stack;
  const outputs = buildOutputs(stack, own);
  const byPassword = (title: string, { address, user, password }: typeof prometheus | typeof alertmanager) =>
    httpService(title, `http://${address}`, {
      ours: () => basic(user, values.get(password) ?? ''),
      default: basicDefault,
    });
  const database = byPassword('Prometheus', prometheus);
  return {
    stack,
    outputs,
    prometheus: database,
    prometheuses: [database],
    alertmanagers: [byPassword('Alertmanager', alertmanager)],
    exporters: [byToken(jobs.exporter, `http://${exporter.address}`, exporter.token, running)],
    applications: applicationServices(running),
    inbox: local?.inbox
      ? httpService('inbox', `http://${local.inbox.http}`, { ours: () => undefined, default: basicDefault })
      : null,
    grafana: null,
    configuration: async () =>
      outputs.map(({ path, content }) => ({
        path,
        equal: readIfPresent(join(paths.state, 'config', path)) === content,
      })),
    claims: async () => [],
    credentials: credentialFiles(running),
    operated: async () => [],
    dataDirectory: paths.data('prometheus'),
    now,
    sleep: (milliseconds) => setTimeout(milliseconds),
    nonce: randomBytes(6).toString('hex'),
  };
}

function applicationServices(running: Running): Readonly<Record<string, Service>> {
  const scraped = running.stack.applications.flatMap(({ name, metrics }) =>
    metrics === null ? [] : [{ name, metrics }],
  );
  return Object.fromEntries(
    scraped.map(({ name, metrics }) => [
      name,
      byToken(name, `${metrics.scheme}://${metrics.address}`, metrics.token, running),
    ]),
  );
}

function byToken(title: string, base: string, token: SecretName | null, { values }: Running): Service {
  const ours = () => (token === null ? undefined : `Bearer ${values.get(token) ?? ''}`);
  return httpService(title, base, { ours, default: bearerDefault });
}

/** The files that Lookout keeps secrets in; a value in the environment of a process has no file. */
function credentialFiles({ stack, vault }: Running) {
  return Object.entries(stack.secrets)
    .filter(([, { kind }]) => kind === 'generate' || kind === 'file')
    .map(([name, reference]) => {
      const place = whereFrom(name, reference, vault);
      return { name, place, problem: readableByOthers(place) };
    });
}

function readableByOthers(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return `${path} does not exist`;
  const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
  return (stats.mode & 0o077) === 0 ? undefined : `${path} has mode ${mode}: others can read it (chmod 600)`;
}
