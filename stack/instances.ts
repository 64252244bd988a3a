import type { Problem } from '../common/problems.ts';
import { suggestion } from './nearest.ts';
import { problemAt } from './problems.ts';
import { child, type MapNode, merge, type Node } from './tree.ts';

export interface Instance {
  /** null when the environment has no instances. */
  readonly name: string | null;
  /** The environment with the overrides of this instance. */
  readonly root: MapNode;
}

export interface Instances {
  readonly found: readonly Instance[];
  readonly problems: readonly Problem[];
}

const namePattern = /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** The instances of an environment, or the one that is asked for. An instance overrides every key but `instances`. */
export function declaredInstances(root: MapNode, file: string, only: string | undefined): Instances {
  const { instances, base } = split(root);
  if (instances === undefined) {
    const problem = problemAt(root, file, [], `there is no instance ${only}: this environment has no instances`);
    return { found: [{ name: null, root: base }], problems: only === undefined ? [] : [problem] };
  }
  if (instances.kind !== 'list' || instances.items.length === 0) {
    return { found: [], problems: [problemAt(instances, file, [], 'expected a list with a name for each instance')] };
  }
  const items = instances.items.map((item) => readInstance(item, base, file));
  const found = items.flatMap(({ instance }) => instance ?? []);
  const problems = [...items.flatMap((item) => item.problems), ...duplicates(found, file)];
  if (only === undefined) return { found, problems };
  const chosen = found.filter(({ name }) => name === only);
  const names = found.flatMap(({ name }) => name ?? []);
  const unknown = `there is no instance ${only} (declared are ${names.join(', ')})${suggestion(only, names)}`;
  return {
    found: chosen,
    problems: chosen.length > 0 ? problems : [...problems, problemAt(instances, file, [], unknown)],
  };
}

function split(root: MapNode): { readonly instances: Node | undefined; readonly base: MapNode } {
  const entries = new Map(root.entries);
  entries.delete('instances');
  return { instances: root.entries.get('instances'), base: { ...root, entries } };
}

function readInstance(item: Node, base: MapNode, file: string): { instance?: Instance; problems: readonly Problem[] } {
  const name = child(item, 'name');
  if (item.kind !== 'map') return { problems: [problemAt(item, file, [], 'expected a section with a name')] };
  if (name?.kind !== 'text' || !namePattern.test(name.text)) {
    const message = 'expected a name of at most 20 lower-case letters, digits and - such as staging';
    return { problems: [problemAt(item, file, ['name'], message)] };
  }
  const entries = new Map(item.entries);
  entries.delete('name');
  const root = merge(base, { ...item, entries });
  return root.kind === 'map' ? { instance: { name: name.text, root }, problems: [] } : { problems: [] };
}

function duplicates(found: readonly Instance[], file: string): Problem[] {
  return found.flatMap(({ name, root }, index) =>
    found.findIndex((other) => other.name === name) === index
      ? []
      : [problemAt(root, file, ['name'], `two instances are called ${name}`)],
  );
}
