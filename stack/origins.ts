import type { Declared } from './schema/environment.ts';
import { declaredSecrets } from './secrets.ts';
import { type Node, nodeAt, type Path, parsePath, pathText } from './tree.ts';
import type { Stack } from './types.ts';

/** `environment.yaml:12`, with the text that stands there and its variables where they tell more; `built-in`; `default`. */
export type Origins = ReadonlyMap<string, string>;

/** Stack values that stand under another key in the environment, where they do not stand under their own. */
const elsewhere: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^(volumes\[\d+\])\.name$/, '$1.claim'],
  [/^((?:backups|volumes)\[\d+\])\.directory$/, '$1.claim'],
  [/^(backups\[\d+\]\.(?:cronJob|cleanup))\.name$/, '$1'],
  [/^(certificates\.discover)\.namespaces.*$/, '$1'],
  [/^cluster\.((?:flavour|operator|delivery).*)$/, '$1'],
  [/^cluster\.components\.(\w+)\..*$/, 'components.$1'],
  [/^cluster\.storage\.(\w+)\.storageClass$/, '$1.storage.class'],
  [/^cluster\.storage\.(\w+)\.(\w+)$/, '$1.storage.$2'],
  [/^cluster\.((?:images|jaeger)\..*)$/, '$1'],
  [/^cluster\.grafana\.address$/, 'components.grafana'],
  [/^cluster\.grafana\.exposure\.ingressClass$/, 'grafana.access.ingress.class'],
  [/^cluster\.grafana\.exposure\.(\w+)$/, 'grafana.access.ingress.$1'],
  [/^cluster\.grafana\.exposure\.(\w+)$/, 'grafana.access.route.$1'],
  [/^cluster\.grafana\.exposure\.(\w+)$/, 'grafana.access.gateway.$1'],
  [/^cluster\.grafana\.exposure\.kind$/, 'grafana.access'],
  [/^grafana\.url$/, 'grafana.access'],
  [/^cluster\.grafana\.auth\.kind$/, 'grafana.auth'],
  [/^cluster\.grafana\.auth\.(.*)$/, 'grafana.auth.proxy.$1'],
  [/^cluster\.grafana\.auth\.(.*)$/, 'grafana.auth.jwt.$1'],
  [/^cluster\.grafana\.auth\.(.*)$/, 'grafana.auth.oidc.$1'],
  [/^(prometheus|alertmanager)\.address$/, 'components.$1'],
  [/^exporter\.node\.(nodes\..*)$/, 'exporter.$1'],
  [/^exporter\.tls\.(?:certificate|key|authority)$/, 'exporter.tls.secret'],
  [/^(volumes\[\d+\])\.requested$/, '$1.size'],
  [/^(probes\[\d+\])\.(?:kind|target)$/, '$1.url'],
  [/^(probes\[\d+\])\.(?:kind|target)$/, '$1.tcp'],
  [/^(probes\[\d+\])\.module$/, '$1.name'],
  [/^(databases\[\d+\])\.access\.(address|database|password|tls|connection)$/, '$1.$2'],
  [/^(databases\[\d+\])\.access\.user\..*$/, '$1.user'],
  [/^(databases\[\d+\])\.exporter$/, '$1.exporter.existing'],
  [/^(certificates\.endpoints\[\d+\])\.(?:host|port)$/, '$1.address'],
  [/^(alerts\..+)\.thresholdUnit$/, '$1.threshold'],
  [/^(prometheus|alertmanager)\.features\..*$/, '$1.version'],
];

/** Values that no key of the environment sets. */
const builtIn =
  /^(exporter\.(?:address|token|node.*)|(prometheus|alertmanager)\.(address|user|password)|local\.(startPage|state|inbox.*)|cluster\.grafana\.(address|user|password|secretKey))$/;

export function stackOrigins(stack: Stack, declared: Declared, root: Node, file: string): Origins {
  const secrets = new Map(declaredSecrets(declared).map(({ name, path }) => [name, path]));
  const origin = (path: Path, value: unknown): string => {
    const text = pathText(path);
    if (text === 'name' || text === 'environment') return 'name of the folder';
    if (text === 'instance') return stack.instance === null ? 'default' : `${file}:${root.line}`;
    if (path[0] === 'secrets') {
      const place = secrets.get(String(path[1])) ?? null;
      return place === null ? 'built-in' : nodeOrigin(nodeAt(root, place), value, file);
    }
    const node = declaredNode(root, text);
    return node === undefined && builtIn.test(text) ? 'built-in' : nodeOrigin(node, value, file);
  };
  return new Map(leaves(stack).map(({ path, value }) => [pathText(path), origin(path, value)]));
}

function declaredNode(root: Node, text: string): Node | undefined {
  const others = elsewhere.filter(([pattern]) => pattern.test(text));
  const places = [text, ...others.map(([pattern, replacement]) => text.replace(pattern, replacement))];
  return places.map((place) => nodeAt(root, parsePath(place))).find((node) => node !== undefined);
}

function nodeOrigin(node: Node | undefined, value: unknown, file: string): string {
  if (node === undefined) return 'default';
  const place = `${file}:${node.line}`;
  if (node.kind !== 'text' || node.written === String(value)) return place;
  return node.sources.length === 0 ? `${place} (${node.written})` : `${place} with ${node.sources.join(', ')}`;
}

export interface Leaf {
  readonly path: Path;
  readonly value: string | number | boolean | null | readonly [];
}

/** Every value of a stack that is no record and no filled list, in order. */
export function leaves(value: unknown, path: Path = []): readonly Leaf[] {
  if (Array.isArray(value)) {
    return value.length === 0 ? [{ path, value: [] }] : value.flatMap((item, index) => leaves(item, [...path, index]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? [{ path, value }]
    : [];
}
