import { parse } from 'yaml';
import { isOurs, type OutputFile, podAddresses, type Stack } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { atEach } from './each.ts';
import { json, prometheusData, type Service } from './service.ts';

export const alertPath: Check = {
  name: 'alert-path',
  title: 'Prometheus sends its alerts to Alertmanager, which knows every built receiver',
  asks: ['prometheus', 'alertmanager'],
  run: async ({ stack, prometheuses, alertmanagers, outputs }) => [
    ...(await atEach(prometheuses, (prometheus) => sending(prometheus, stack))),
    ...(await atEach(alertmanagers, (alertmanager) => knowing(alertmanager, builtReceivers(outputs, stack)))),
  ],
};

/** To each of ours; of others' one is enough. */
async function sending(prometheus: Service, stack: Stack): Promise<readonly Finding[]> {
  const { activeAlertmanagers } = await prometheusData<{ activeAlertmanagers: readonly { url: string }[] }>(
    prometheus,
    '/api/v1/alertmanagers',
  );
  const wanted = isOurs(stack, 'alertmanager') ? podAddresses(stack.alertmanager) : [''];
  const missing = wanted.filter((address) => !activeAlertmanagers.some(({ url }) => url.includes(address)));
  const urls = activeAlertmanagers.map(({ url }) => url).join(', ');
  return [
    {
      ok: missing.length === 0,
      subject: 'Prometheus to Alertmanager',
      evidence:
        missing.length === 0 ? `sends to ${urls}` : `${missing.join(', ') || 'one'} is not among the active ones`,
    },
  ];
}

async function knowing(alertmanager: Service, names: readonly string[]): Promise<readonly Finding[]> {
  const loaded = (await json<readonly { name: string }[]>(alertmanager, '/api/v2/receivers')).map(({ name }) => name);
  return names.map((name) => ({
    ok: loaded.includes(name),
    subject: `receiver ${name}`,
    evidence: loaded.includes(name) ? 'loaded' : 'not loaded',
  }));
}

/** An operator's Alertmanager has the receivers of others too: it names them by namespace and object. */
function builtReceivers(outputs: readonly OutputFile[], { cluster }: Stack): readonly string[] {
  const file = outputs.find(({ path }) => path === 'alertmanager/alertmanager.yml');
  if (file === undefined) throw new Error('the build has no alertmanager/alertmanager.yml');
  const { receivers } = parse(file.content) as { readonly receivers: readonly { readonly name: string }[] };
  const prefix = cluster?.flavour === 'operator' ? `${cluster.namespace}/lookout/` : '';
  return receivers.map(({ name }) => `${prefix}${name}`);
}
