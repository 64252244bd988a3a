import type { PreflightCheck } from './context.ts';

/** Server-side apply with field validation is stable from here on. Source: Kubernetes, "Server-Side Field Validation". */
const oldestMinor = 27;

export const reachable: PreflightCheck = {
  name: 'reachable',
  title: 'the API server answers, in a version that is supported',
  run: async ({ cluster }) => {
    const subject = { verb: 'get', resource: '/version', secret: false };
    const { body } = await cluster.send({ method: 'GET', path: '/version', subject });
    const { gitVersion = '', major = '', minor = '' } = body as Readonly<Record<string, string | undefined>>;
    const ok = major === '1' && Number.parseInt(minor, 10) >= oldestMinor;
    const evidence = `Kubernetes ${gitVersion} at ${cluster.server}${ok ? '' : `; from 1.${oldestMinor} on is supported`}`;
    return [{ ok, subject: `context ${cluster.context}`, evidence }];
  },
};
