import { parse } from 'yaml';
import { isOurs, type OutputFile, podNameVariable } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { atEach } from './each.ts';
import { json, prometheusData, type Service } from './service.ts';

export const configurationApplied: Check = {
  name: 'configuration-applied',
  title: 'what runs is what the environment builds now',
  run: async ({ stack, outputs, configuration, prometheuses, alertmanagers }) => {
    const files = await configuration();
    const differing = files.filter(({ equal }) => !equal).map(({ path }) => path);
    const evidence =
      differing.length === 0
        ? `${files.length} files equal`
        : `${differing.length} of ${files.length} differ: ${differing.slice(0, 5).join(', ')}`;
    return [
      { ok: files.length > 0 && differing.length === 0, subject: 'files', evidence },
      ...(isOurs(stack, 'prometheus') ? await atEach(prometheuses, (each) => loadedByPrometheus(each, outputs)) : []),
      ...(isOurs(stack, 'alertmanager')
        ? await atEach(alertmanagers, (each) => loadedByAlertmanager(each, outputs))
        : []),
    ];
  },
};

/** One of several tells its pod's name where the file has the variable of it. */
function loadedByPrometheus(prometheus: Service, outputs: readonly OutputFile[]): Promise<readonly Finding[]> {
  const wanted = built(outputs, 'prometheus/prometheus.yml').replaceAll(`\${${podNameVariable}}`, prometheus.title);
  return loaded('Prometheus', prometheus, 'prometheus', wanted, async () => {
    const { yaml } = await prometheusData<{ yaml: string }>(prometheus, '/api/v1/status/config');
    return yaml;
  });
}

function loadedByAlertmanager(alertmanager: Service, outputs: readonly OutputFile[]): Promise<readonly Finding[]> {
  return loaded(
    'Alertmanager',
    alertmanager,
    'alertmanager',
    built(outputs, 'alertmanager/alertmanager.yml'),
    async () => {
      const { config } = await json<{ config: { original: string } }>(alertmanager, '/api/v2/status');
      return config.original;
    },
  );
}

/** The program's own word: that it has taken its configuration when it last read it, and what it holds of it. */
async function loaded(
  title: string,
  service: Service,
  prefix: string,
  wanted: string,
  held: () => Promise<string>,
): Promise<readonly Finding[]> {
  const subject = `${title} configuration`;
  const metric = `${prefix}_config_last_reload_successful`;
  const text = await (await service.request('/metrics')).text();
  const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1];
  if (value !== '1') return [{ ok: false, subject, evidence: `last reading failed (${metric} ${value ?? 'absent'})` }];
  const missing = lacking(parse(wanted), parse(await held()), '');
  return missing.length === 0
    ? [{ ok: true, subject, evidence: 'loaded' }]
    : [{ ok: false, subject, evidence: `it runs with another: ${missing.slice(0, 5).join(', ')} differ` }];
}

/** Paths of what is wanted and not held; a program adds its defaults, leaves out what is
 * empty, and makes the names of files absolute. */
function lacking(wanted: unknown, held: unknown, path: string): readonly string[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(held) || held.length !== wanted.length) return [path];
    return wanted.flatMap((each, index) => lacking(each, held[index], `${path}[${index}]`));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const other = new Map(Object.entries(held ?? {}));
    return Object.entries(wanted).flatMap(([key, value]) =>
      lacking(value, other.get(key), path === '' ? key : `${path}.${key}`),
    );
  }
  const absolute = typeof held === 'string' && held.endsWith(`/${String(wanted)}`);
  const leftOut = (held === undefined || held === null) && (wanted === '' || wanted === false || wanted === 0);
  return held === wanted || absolute || leftOut ? [] : [path];
}

function built(outputs: readonly OutputFile[], path: string): string {
  const file = outputs.find((each) => each.path === path);
  if (file === undefined) throw new Error(`the build has no ${path}`);
  return file.content;
}
