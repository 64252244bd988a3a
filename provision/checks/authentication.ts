import { isOurs } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import type { Access, Service } from './service.ts';

export const webAuthentication: Check = {
  name: 'web-authentication',
  title: 'Prometheus and Alertmanager refuse default passwords and accept ours',
  impossible: (stack) =>
    isOurs(stack, 'prometheus') || isOurs(stack, 'alertmanager') ? undefined : 'both are run by others, who close them',
  run: async ({ stack, prometheuses, alertmanagers }) => {
    const tries = (component: 'prometheus' | 'alertmanager', services: readonly Service[], path: string) =>
      isOurs(stack, component) ? services.map((service) => loginTries(service, path)) : [];
    const findings = await Promise.all([
      ...tries('prometheus', prometheuses, '/api/v1/status/buildinfo'),
      ...tries('alertmanager', alertmanagers, '/api/v2/status'),
    ]);
    return findings.flat();
  },
};

/** At most two tries with a password, ours last, so that no lockout is provoked. */
async function loginTries(service: Service, path: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const access of ['none', 'default', 'ours'] as const) findings.push(await loginTry(service, path, access));
  return findings;
}

/** Whether a service answers as it should to who asks like this. */
export async function loginTry(service: Service, path: string, access: Access): Promise<Finding> {
  const { wanted, how } = expected[access];
  const response = await service.request(path, { access });
  await response.body?.cancel();
  return {
    ok: response.status === wanted,
    subject: `${service.title} ${how}`,
    evidence: `answered ${response.status}, expected ${wanted}`,
  };
}

const expected: Readonly<Record<Access, { readonly wanted: number; readonly how: string }>> = {
  none: { wanted: 401, how: 'without a password' },
  default: { wanted: 401, how: 'with admin/admin' },
  ours: { wanted: 200, how: 'with ours' },
};

export const credentialsPrivate: Check = {
  name: 'credentials-private',
  title: 'every credential is there, and a file of it can be read by nobody else',
  run: async ({ credentials }) =>
    credentials.map(({ name, place, problem }) => ({
      ok: problem === undefined,
      subject: name,
      evidence: problem ?? place,
    })),
};
