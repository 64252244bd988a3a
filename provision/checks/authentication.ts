import { isOurs } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import type { Access, Service } from './service.ts';

export const webAuthentication: Check = {
  name: 'web-authentication',
  title: 'Prometheus and Alertmanager refuse default passwords and accept ours',
  impossible: (stack) =>
    isOurs(stack, 'prometheus') || isOurs(stack, 'alertmanager') ? undefined : 'both are run by others, who close them',
  run: async ({ stack, prometheus, alertmanager }) => {
    const findings = await Promise.all([
      ...(isOurs(stack, 'prometheus') ? [loginTries(prometheus, '/api/v1/status/buildinfo')] : []),
      ...(isOurs(stack, 'alertmanager') ? [loginTries(alertmanager, '/api/v2/status')] : []),
    ]);
    return findings.flat();
  },
};

/** At most two tries per service, ours last, so that no lockout is provoked. */
export async function loginTries(service: Service, path: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [access, wanted, how] of tries) {
    const response = await service.request(path, { access });
    await response.body?.cancel();
    findings.push({
      ok: response.status === wanted,
      subject: `${service.title} ${how}`,
      evidence: `answered ${response.status}, expected ${wanted}`,
    });
  }
  return findings;
}

const tries: readonly (readonly [Access, number, string])[] = [
  ['none', 401, 'without a password'],
  ['default', 401, 'with admin/admin'],
  ['ours', 200, 'with ours'],
];

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
