import { describeObject } from '../client/objects.ts';
import { describeManager } from './conflicts.ts';
import type { Action, Change, Conflict, Difference, Plan } from './types.ts';
import { quoted, textDifference } from './values.ts';

export interface RenderOptions {
  readonly paint: (colour: 'green' | 'yellow' | 'red' | 'dim', text: string) => string;
  /** The command that a person would repeat, e.g. `lookout apply shop`. */
  readonly command: string;
}

const signs: Readonly<
  Record<Action, { readonly sign: string; readonly colour: 'green' | 'yellow' | 'red'; readonly text: string }>
> = {
  create: { sign: '+', colour: 'green', text: 'create' },
  update: { sign: '~', colour: 'yellow', text: 'update' },
  replace: { sign: '±', colour: 'red', text: 'delete and create' },
  orphan: { sign: '±', colour: 'red', text: 'delete and create, pods go on' },
  grow: { sign: '~', colour: 'yellow', text: 'grow' },
  none: { sign: ' ', colour: 'green', text: 'no change' },
};

/** A plan as lines for a person; values of Secrets are in none of them. */
export function renderPlan(plan: Plan, options: RenderOptions): readonly string[] {
  return [
    ...plan.changes.filter(isNotable).flatMap((change) => renderChange(change, options)),
    ...plan.prunes.map(({ reference, action, reason }) =>
      action === 'delete'
        ? options.paint('red', `- delete ${describeObject(reference)}`)
        : `  stays  ${describeObject(reference)}: ${reason}`,
    ),
    ...renderProblems(plan).map((line) => options.paint('red', line)),
    summary(plan),
  ];
}

/** What the cluster alone changes in an object that stays as it is, is no news. */
function isNotable({ action, warnings, conflicts }: Change): boolean {
  return action !== 'none' || warnings.length > 0 || conflicts.length > 0;
}

function renderChange(change: Change, options: RenderOptions): readonly string[] {
  const { reference, action, differences, conflicts, warnings, notes } = change;
  const { sign, colour, text } = signs[action];
  return [
    options.paint(colour, `${sign} ${text} ${describeObject(reference)}`),
    ...notes.map((note) => `    ${note}`),
    ...differences.flatMap((difference) => renderDifference(difference)).map((line) => `    ${line}`),
    ...warnings.map((warning) => options.paint('yellow', `    warning: ${warning}`)),
    ...(conflicts.length === 0 ? [] : renderConflicts(change, options)),
  ];
}

/** What is wrong with many objects is told once. */
function renderProblems({ problems }: Plan): readonly string[] {
  const groups = [...Map.groupBy(problems, ({ message }) => message)];
  return groups.map(([message, [first, ...others]]) =>
    others.length === 0 ? `✗ ${first?.object}: ${message}` : `✗ ${first?.object} and ${others.length} more: ${message}`,
  );
}

function renderDifference({ path, before, after, by }: Difference): readonly string[] {
  const whose = by === 'cluster' ? ' (done by the cluster, not by Lookout)' : '';
  const text = textDifference(before, after);
  if (text !== undefined) return [`${path}:${whose}`, ...text.map((line) => `  ${line}`)];
  if (before === '(not shown)' || after === '(not shown)') return [`${path}: ${hiddenChange(before, after)}`];
  if (before === undefined) return [`${path}: added ${quoted(after)}${whose}`];
  if (after === undefined) return [`${path}: removed (was ${quoted(before)})${whose}`];
  return [`${path}: ${quoted(before)} -> ${quoted(after)}${whose}`];
}

function hiddenChange(before: unknown, after: unknown): string {
  if (before === undefined) return '(added)';
  return after === undefined ? '(removed)' : '(changed)';
}

/** Each field with both values and its owner, and the ways out. */
function renderConflicts({ reference, conflicts }: Change, { paint, command }: RenderOptions): readonly string[] {
  const { kind, namespace, name } = reference;
  const object = [kind, namespace, name].filter((part) => part !== undefined).join('/');
  return [
    ...conflicts.map((conflict) => paint('red', `    conflict: ${renderConflict(conflict)}`)),
    `    to decide: "${command} --take ${object}" takes these fields; or leave them out of the environment; or let their owner give them up`,
  ];
}

function renderConflict(conflict: Conflict): string {
  const { path, live, wanted, operation, time } = conflict;
  const since = time === '' ? '' : ` at ${time}`;
  return `${path} is ${quoted(live)}, wanted ${quoted(wanted)}; it belongs to ${describeManager(conflict)} (${operation}${since})`;
}

function summary({ changes, prunes, problems }: Plan): string {
  const count = (...actions: readonly Action[]) => changes.filter(({ action }) => actions.includes(action)).length;
  const figures: readonly (readonly [number, string])[] = [
    [count('create'), 'to create'],
    [count('update', 'grow'), 'to update'],
    [count('replace', 'orphan'), 'to replace'],
    [prunes.filter(({ action }) => action === 'delete').length, 'to delete'],
    [changes.filter(({ conflicts }) => conflicts.length > 0).length, 'with conflicts'],
    [problems.length, problems.length === 1 ? 'problem' : 'problems'],
  ];
  const shown = figures.filter(([figure]) => figure > 0).map(([figure, text]) => `${figure} ${text}`);
  const unchanged = `${count('none')} unchanged`;
  return shown.length === 0 ? `no change: ${unchanged}` : [...shown, unchanged].join(', ');
}
