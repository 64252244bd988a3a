import { parse } from 'yaml';
import type { OutputFile } from '../../stack/types.ts';
import type { Check } from './check.ts';
import { json, prometheusData } from './service.ts';

export const alertPath: Check = {
  name: 'alert-path',
  title: 'Prometheus sends its alerts to Alertmanager, which knows every built receiver',
  run: async ({ stack, prometheus, alertmanager, outputs }) => {
    const { activeAlertmanagers } = await prometheusData<{ activeAlertmanagers: readonly { url: string }[] }>(
      prometheus,
      '/api/v1/alertmanagers',
    );
    const connected = activeAlertmanagers.some(({ url }) => url.includes(stack.alertmanager.address));
    const loaded = (await json<readonly { name: string }[]>(alertmanager, '/api/v2/receivers')).map(({ name }) => name);
    return [
      {
        ok: connected,
        subject: 'Prometheus to Alertmanager',
        evidence: connected
          ? `sends to ${stack.alertmanager.address}`
          : `${stack.alertmanager.address} is not among the active ones`,
      },
      ...builtReceivers(outputs).map((name) => ({
        ok: loaded.includes(name),
        subject: `receiver ${name}`,
        evidence: loaded.includes(name) ? 'loaded' : 'not loaded',
      })),
    ];
  },
};

function builtReceivers(outputs: readonly OutputFile[]): readonly string[] {
  const file = outputs.find(({ path }) => path === 'alertmanager/alertmanager.yml');
  if (file === undefined) throw new Error('the build has no alertmanager/alertmanager.yml');
  return (parse(file.content) as { receivers: readonly { name: string }[] }).receivers.map(({ name }) => name);
}
