import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExporterConfig } from '../../exporter/config.ts';
import { type Grant, type Rule, serviceAccount, withdraw } from './support/access.ts';
import { installExporter, reach, startPod } from './support/exporter.ts';
import { apply, kubectl, onOwnNode, temporaryNamespace } from './support/kubectl.ts';

/** What is declared one by one lies in `shop`, what is discovered in `found`. */
const shop = temporaryNamespace();
const found = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const account = { namespace: home, name: 'lookout-exporter-api' };

const config: Partial<ExporterConfig> = {
  certificateSecrets: [{ name: 'shop-web', namespace: shop, secret: 'fe-tls-secret' }],
  certificateDiscovery: { namespaces: [found] },
  cronJobs: [{ backup: 'shop-database', purpose: 'backup', namespace: shop, name: 'dump' }],
  kubelet: { claims: [{ namespace: shop, name: 'uploads' }], port: 10250, authority: null, nodes: null },
};

/** The rights that this configuration needs, and no more. */
const grants: readonly Grant[] = [
  {
    namespace: shop,
    rules: [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['fe-tls-secret'], verbs: ['get', 'watch'] },
      { apiGroups: ['batch'], resources: ['cronjobs'], resourceNames: ['dump'], verbs: ['get', 'watch'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], resourceNames: ['uploads'], verbs: ['get'] },
    ],
  },
  { namespace: found, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] }] },
  {
    namespace: null,
    rules: [
      { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get'] },
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
    ],
  },
];

const missing = grants.flatMap(({ namespace, rules }) =>
  rules.flatMap((rule) => rule.verbs.map((verb) => ({ verb, resource: rule.resources[0] ?? '', namespace, rule }))),
);

const atKubelet = missing.filter(({ resource }) => resource === 'nodes/stats');
const elsewhere = missing.filter(({ resource }) => resource !== 'nodes/stats');

beforeAll(async () => {
  const capacity = { storage: '1Mi' };
  const claimRef = { namespace: shop, name: 'uploads' };
  const accessModes = ['ReadWriteOnce'];
  const local = { capacity, accessModes, claimRef, nfs: { server: 'nowhere.test', path: '/' } };
  apply({ kind: 'PersistentVolume', metadata: { name: `${shop}-uploads` }, spec: local });
  const claim = { storageClassName: '', volumeName: `${shop}-uploads`, accessModes, resources: { requests: capacity } };
  apply({ kind: 'PersistentVolumeClaim', metadata: { name: 'uploads', namespace: shop }, spec: claim });
  installExporter(home);
});

afterAll(() => {
  withdraw(account);
  kubectl(['delete', 'pv', `${shop}-uploads`, '--wait=false']);
});

describe('the rights of the exporter', () => {
  test('are enough as they are generated from what is declared', async () => {
    expect(await refusals(grants)).toEqual([]);
  });

  test.each(elsewhere)('without $verb on $resource the exporter says so', expectRefusal);
});

// Kubelets of other clusters may have certificates of no authority: there is then no answer about rights.
onOwnNode('the rights of the exporter at the kubelet', () => {
  test.each(atKubelet)('without $verb on $resource the exporter says so', expectRefusal);
});

async function expectRefusal({ verb, resource, namespace, rule }: (typeof missing)[number]): Promise<void> {
  const rest = grants.map((grant) =>
    grant.namespace === namespace
      ? { ...grant, rules: grant.rules.flatMap((each) => (each === rule ? without(each, verb) : each)) }
      : grant,
  );
  const said = await refusals(rest);
  expect(said).not.toEqual([]);
  for (const message of said) expect(message).toMatch(wording(verb, resource));
}

function without(rule: Rule, verb: string): readonly Rule[] {
  const verbs = rule.verbs.filter((each) => each !== verb);
  return verbs.length === 0 ? [] : [{ ...rule, verbs }];
}

/** The words of the API server, and those of a kubelet. */
function wording(verb: string, resource: string): RegExp {
  const [name = '', part] = resource.split('/');
  if (part !== undefined) return new RegExp(`verb=${verb}, resource=${name}, subresource\\(s\\)=\\[${part}\\]`);
  return new RegExp(`User "system:serviceaccount:${home}:${account.name}" cannot ${verb} resource "${name}"`);
}

/** Starts the exporter with these rights. Gives what `/explain` says of rights. */
async function refusals(rights: readonly Grant[]): Promise<readonly string[]> {
  serviceAccount(account, rights);
  startPod({ ...account, role: { serviceAccount: account.name }, config });
  const sources = await (await reach(home, account.name)).explain();
  return sources.filter(({ reason }) => reason === 'permission_denied').map(({ message }) => message ?? '');
}
