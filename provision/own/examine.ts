import type { Problem } from '../../common/problems.ts';
import { dashboards as dashboardsOf, sources } from '../../dashboards/index.ts';
import { lint } from '../../dashboards/lint/index.ts';
import { panelsOf } from '../../dashboards/lint/parts.ts';
import { analyse } from '../../dashboards/lint/promql.ts';
import type { Dashboard } from '../../dashboards/types.ts';
import { ruleContext } from '../../rules/context.ts';
import { alerts as ourAlerts, topics as ourTopics } from '../../rules/index.ts';
import { renderTopic, whyNot } from '../../rules/render.ts';
import type { Alert, Topic } from '../../rules/types.ts';
import { grafanaUid, type Stack } from '../../stack/types.ts';
import { type OwnFile, type OwnFiles, ownOf, type SourceFile } from './files.ts';
import { problemIn, thrownIn } from './place.ts';

/**
 * Everything that is wrong with the dashboards and rules of an environment on one stack: names that are taken, code that
 * throws, queries that are no PromQL, what the lint finds, and panels that alerts name and nobody has.
 */
export function examine(stack: Stack, files: OwnFiles): readonly Problem[] {
  const names = [...takenNames(files), ...files.topics.flatMap((file) => topicProblems(stack, file))];
  if (names.length > 0) return names;
  const boards = files.dashboards.flatMap((file) => dashboardProblems(stack, file, files));
  return boards.length > 0 ? boards : files.topics.flatMap((file) => panelProblems(stack, file, files));
}

interface Named {
  readonly what: string;
  readonly name: string;
  readonly file: SourceFile | null;
}

/** Ours come first: they are never the ones to be told of. */
function takenNames({ dashboards, topics }: OwnFiles): readonly Problem[] {
  const named: readonly Named[] = [
    ...sources.flatMap(({ uid, title }) => dashboardNames(uid, title, null)),
    ...ourTopics.map(({ name }) => ({ what: 'topic', name, file: null })),
    ...ourAlerts.map(({ name }) => ({ what: 'alert', name, file: null })),
    ...dashboards.flatMap((file) => dashboardNames(file.value.uid, file.value.title, file)),
    ...topics.map((file) => ({ what: 'topic', name: file.value.name, file })),
    ...topics.flatMap((file) => file.value.alerts.map(({ name }) => ({ what: 'alert', name, file }))),
  ];
  return named.flatMap(({ what, name, file }, index) => {
    const first = named.slice(0, index).find((one) => one.what === what && one.name === name);
    if (first === undefined || file === null) return [];
    const owner = first.file === null ? 'Lookout has one' : `${first.file.file} has one`;
    return [problemIn(file, name, '', `there are two of the ${what} ${name}: ${owner} of this name`)];
  });
}

function dashboardNames(uid: string, title: string, file: SourceFile | null): readonly Named[] {
  return [
    { what: 'dashboard uid', name: uid, file },
    { what: 'dashboard title', name: title, file },
  ];
}

/** Every alert and recording rendered as the build will. */
function topicProblems(stack: Stack, file: OwnFile<Topic>): readonly Problem[] {
  try {
    const rules = renderTopic(stack, file.value)?.rules ?? [];
    return rules.flatMap((rule) => {
      const name = 'record' in rule ? rule.record : rule.alert;
      const taken = 'record' in rule && ourRecords(stack).has(name) ? [`Lookout records ${name} itself`] : [];
      const broken = analyse(rule.expr).errors.map((error) => `its expression is no PromQL ${error}`);
      return [...taken, ...broken].map((message) => problemIn(file, name, name, message));
    });
  } catch (error) {
    return [thrownIn(file, error, file.value.name, 'cannot be rendered')];
  }
}

function ourRecords(stack: Stack): ReadonlySet<string> {
  const records = ourTopics.flatMap((topic) => topic.records?.(ruleContext(stack)) ?? []);
  return new Set(records.map(({ record }) => record));
}

function dashboardProblems(stack: Stack, file: OwnFile<OwnFiles['dashboards'][number]['value']>, files: OwnFiles) {
  try {
    const own = { dashboards: [file.value], topics: ownOf(files).topics };
    const built = dashboardsOf(stack, own).find(({ uid }) => uid === grafanaUid(stack, file.value.uid));
    if (built === undefined) return [];
    return lint(built).map((finding) =>
      problemIn(file, /panel "([^"]+)"/.exec(finding)?.[1] ?? file.value.uid, file.value.uid, finding),
    );
  } catch (error) {
    return [thrownIn(file, error, file.value.uid, 'cannot be built')];
  }
}

/** An alert sends people to a panel: it has to be there wherever the alert can fire. */
function panelProblems(stack: Stack, file: OwnFile<Topic>, files: OwnFiles): readonly Problem[] {
  const all = dashboardsOf(stack, ownOf(files));
  return file.value.alerts
    .filter((alert) => whyNot(stack, alert) === undefined && !hasPanel(stack, alert, all))
    .map(({ name, panel: { dashboard, panel } }) =>
      problemIn(
        file,
        name,
        name,
        `sends people to the panel "${panel}" of the dashboard ${dashboard}, which is not there`,
      ),
    );
}

function hasPanel(stack: Stack, { panel }: Alert, all: readonly Dashboard[]): boolean {
  const dashboard = all.find(({ uid }) => uid === grafanaUid(stack, panel.dashboard));
  return dashboard !== undefined && panelsOf(dashboard).some(({ title }) => title === panel.panel);
}
