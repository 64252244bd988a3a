import type { Report } from './checks.ts';
import { child, itemsAt, type Node, type Path, textAt } from './tree.ts';

/** A thing that is read by a path, which is in its `key`. */
interface Placed {
  readonly path: Path;
  readonly item: Node;
  readonly key: 'directory' | 'path';
}

/** Whether everything that has a path says where it is, which a cluster and a machine see differently. */
export function checkPlaces(root: Node, report: Report): void {
  const cluster = textAt(root, ['platform']) === 'kubernetes';
  for (const thing of placed(root, ['volumes'], 'directory')) volumeName(thing, report);
  const things = [
    ...placed(root, ['backups'], 'directory'),
    ...placed(root, ['volumes'], 'directory'),
    ...placed(root, ['certificates', 'files'], 'path'),
  ];
  for (const thing of things) (cluster ? inCluster : onMachine)(root, thing, report);
  const authorities = itemsAt(root, ['certificates', 'endpoints']).map(
    (_, index): Path => [...['certificates', 'endpoints', index, 'authority']],
  );
  if (cluster) for (const path of authorities) absolute(textAt(root, path), path, report);
}

function placed(root: Node, list: Path, key: Placed['key']): readonly Placed[] {
  return itemsAt(root, list).flatMap((item, index) =>
    item.kind === 'map' ? [{ path: [...list, index], item, key }] : [],
  );
}

function onMachine(_root: Node, { path, item, key }: Placed, report: Report): void {
  if (child(item, 'claim') !== undefined) report([...path, 'claim'], `platform local has no claims; write the ${key}`);
  else if (key === 'directory' && child(item, key) === undefined) report([...path, key], 'missing: write where it is');
}

function inCluster(root: Node, { path, item, key }: Placed, report: Report): void {
  const place = textAt(item, [key]);
  if (child(item, 'claim') !== undefined) inClaim(root, { path, item, key }, place, report);
  else if (child(item, key) !== undefined) absolute(place, [...path, key], report);
  else if (key === 'directory')
    report([...path, key], 'missing: write where it is on the node, or the claim that it is in');
}

function inClaim(root: Node, { path, item, key }: Placed, place: string | undefined, report: Report): void {
  if (place?.startsWith('/')) report([...path, key], 'begins at the root of the claim; write it without the leading /');
  if (place?.split('/').includes('..')) report([...path, key], 'leaves the claim: .. is not allowed');
  const mounted = place !== undefined || textAt(root, ['cluster', 'access']) === 'namespace';
  const namespace = textAt(item, ['namespace']);
  if (mounted && namespace !== undefined && namespace !== textAt(root, ['namespace'])) {
    report([...path, 'namespace'], 'a pod mounts only claims of its own namespace, which is that of the environment');
  }
}

function absolute(place: string | undefined, path: Path, report: Report): void {
  if (place === undefined || place === '' || place.startsWith('/')) return;
  report(path, 'expected an absolute path, which is one of the nodes of the cluster');
}

/** A claim that is measured as a whole has the labels that every other source gives it. */
function volumeName({ path, item }: Placed, report: Report): void {
  const [name, claim] = [child(item, 'name'), child(item, 'claim')];
  if (name === undefined && claim === undefined) report([...path, 'name'], 'missing: only a claim has a name already');
  if (name === undefined || claim === undefined || child(item, 'directory') !== undefined) return;
  if (textAt(item, ['name']) !== textAt(item, ['claim'])) {
    report([...path, 'name'], 'a claim that is measured as a whole goes by its own name; remove this one');
  }
}
