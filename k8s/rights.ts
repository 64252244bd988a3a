import type { ExporterConfig } from '../exporter/config.ts';
import type { BareObject } from './component.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What is allowed in a namespace; with what belongs to no namespace, or to all of them, when it is null. */
interface Grant {
  readonly namespace: string | null;
  readonly rule: Rule;
}

/** Names a namespaced object of what the exporter reads one by one. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The rights that the exporter needs for what its configuration declares, each object by its name, and no more. What it
 * discovers cannot be named: RBAC does not tell a TLS Secret from another.
 */
function grants(config: ExporterConfig): readonly Grant[] {
  const { certificateSecrets = [], certManager = [], cronJobs = [], certificateDiscovery, kubelet } = config;
  const secrets = certificateSecrets.map(({ namespace, secret: name }) => ({ namespace, name }));
  const certificates = certManager.map(({ namespace, certificate: name }) => ({ namespace, name }));
  return [
    ...byName(secrets, '', 'secrets', ['get', 'watch']),
    ...byName(certificates, 'cert-manager.io', 'certificates', ['get', 'watch']),
    ...byName(cronJobs, 'batch', 'cronjobs', ['get', 'watch']),
    ...namespacesOf(cronJobs).map((namespace) => ({ namespace, rule: rule('batch', 'jobs', ['list', 'watch']) })),
    ...(certificateDiscovery === undefined ? [] : discovery(certificateDiscovery.namespaces)),
    ...(kubelet === undefined ? [] : statistics(kubelet)),
  ];
}

function byName(
  objects: readonly Named[],
  group: string,
  resource: string,
  verbs: readonly string[],
): readonly Grant[] {
  return namespacesOf(objects).map((namespace) => {
    const names = objects.filter((each) => each.namespace === namespace).map(({ name }) => name);
    return { namespace, rule: { ...rule(group, resource, verbs), resourceNames: [...new Set(names)].sort() } };
  });
}

function discovery(namespaces: readonly string[]): readonly Grant[] {
  const places = namespaces.length === 0 ? [null] : namespaces;
  return places.map((namespace) => ({ namespace, rule: rule('', 'secrets', ['list', 'watch']) }));
}

/** From the kubelet itself: through the API server it would need `nodes/proxy`, which permits commands in every pod. */
function statistics({ claims, nodes }: NonNullable<ExporterConfig['kubelet']>): readonly Grant[] {
  return [
    ...byName(claims, '', 'persistentvolumeclaims', ['get']),
    { namespace: null, rule: rule('', 'persistentvolumes', ['get']) },
    ...(nodes === null ? [{ namespace: null, rule: rule('', 'nodes', ['list']) }] : []),
    { namespace: null, rule: rule('', 'nodes/stats', ['get']) },
  ];
}

function rule(group: string, resource: string, verbs: readonly string[]): Rule {
  return { apiGroups: [group], resources: [resource], verbs };
}

function namespacesOf(objects: readonly Named[]): readonly string[] {
  return [...new Set(objects.map(({ namespace }) => namespace))].sort();
}

/** The account of the exporter and what it may do. What is of the whole cluster is told from another stack's by the namespace. */
export function exporterRights(config: ExporterConfig, account: Named): readonly BareObject[] {
  const all = grants(config);
  const places = [...new Set(all.map(({ namespace }) => namespace))];
  const rulesIn = (place: string | null) => all.filter(({ namespace }) => namespace === place).map((each) => each.rule);
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name } },
    ...places.flatMap((namespace) => roleWithBinding(namespace, rulesIn(namespace), account)),
  ];
}

/** A role and what gives it to an account; of the whole cluster when the namespace is null. */
export function roleWithBinding(
  namespace: string | null,
  rules: readonly object[],
  account: Named,
): readonly BareObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  const name =
    namespace === null || namespace !== account.namespace ? `${account.namespace}-${account.name}` : account.name;
  const metadata = { name, namespace };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
  const subjects = [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }];
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
  ];
}
