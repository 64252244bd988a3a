import { parse } from 'yaml';
import { isOurs, type OutputFile, type Stack } from '../../stack/types.ts';
import type { Check } from './check.ts';
import { json, prometheusData } from './service.ts';

export const alertPath: Check = {
  name: 'alert-path',
  title: 'Prometheus sends its alerts to Alertmanager, which knows every built receiver',
  asks: ['prometheus', 'alertmanager'],
  run: async ({ stack, prometheus, alertmanager, outputs }) => {
    const { activeAlertmanagers } = await prometheusData<{ activeAlertmanagers: readonly { url: string }[] }>(
      prometheus,
      '/api/v1/alertmanagers',
    );
    const address = isOurs(stack, 'alertmanager') ? stack.alertmanager.address : '';
    const connected = activeAlertmanagers.find(({ url }) => url.includes(address));
    const loaded = (await json<readonly { name: string }[]>(alertmanager, '/api/v2/receivers')).map(({ name }) => name);
    return [
      {
        ok: connected !== undefined,
        subject: 'Prometheus to Alertmanager',
        evidence:
          connected === undefined ? `${address || 'one'} is not among the active ones` : `sends to ${connected.url}`,
      },
      ...builtReceivers(outputs, stack).map((name) => ({
        ok: loaded.includes(name),
        subject: `receiver ${name}`,
        evidence: loaded.includes(name) ? 'loaded' : 'not loaded',
      })),
    ];
  },
};

/** An operator's Alertmanager has the receivers of others too: it names them by namespace and object. */
function builtReceivers(outputs: readonly OutputFile[], { cluster }: Stack): readonly string[] {
  const file = outputs.find(({ path }) => path === 'alertmanager/alertmanager.yml');
  if (file === undefined) throw new Error('the build has no alertmanager/alertmanager.yml');
  const { receivers } = parse(file.content) as { readonly receivers: readonly { readonly name: string }[] };
  const prefix = cluster?.flavour === 'operator' ? `${cluster.namespace}/lookout/` : '';
  return receivers.map(({ name }) => `${prefix}${name}`);
}
