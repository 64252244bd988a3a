import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Problem, ProblemsError } from '../../common/problems.ts';
import { ruleFile } from '../../rules/files.ts';
import { renderAlert, renderTopic, whyNot } from '../../rules/render.ts';
import { suiteFiles, suiteOf, withoutAnnotations } from '../../rules/suites.ts';
import type { Alert, RuleGroup, Topic } from '../../rules/types.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';
import type { OwnFile } from './files.ts';
import type { OpenedStack } from './open.ts';
import { problemIn } from './place.ts';

/**
 * Lets promtool check the rules of an environment as they will stand in their files, and run every scenario of every alert, on
 * each stack on which it can fire.
 * @param promtool its absolute path.
 * @returns how many scenarios came out as they say.
 * @throws ProblemsError with what promtool found, at the line of the alert.
 */
export async function proveRules(stacks: readonly OpenedStack[], promtool: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-own-rules-'));
  try {
    const proofs = stacks
      .flatMap(({ stack, files }) => files.topics.flatMap((file) => proofsOf(stack, file)))
      .map((proof, index) => written(proof, join(directory, `${index}`)));
    for (const command of ['check', 'test'] as const) {
      const asked = proofs.filter((proof) => proof.command === command);
      if ((await ask(promtool, command, asked)) !== undefined)
        throw new ProblemsError(await eachProblem(asked, promtool));
    }
    return proofs.reduce((sum, { scenarios }) => sum + scenarios, 0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Asked one by one, to know which alert it is that promtool complains of. */
async function eachProblem(proofs: readonly Written[], promtool: string): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const proof of proofs) {
    const said = await ask(promtool, proof.command, [proof]);
    if (said === undefined) continue;
    const { file, stack, name, command, directory } = proof;
    const found = command === 'check' ? 'promtool refuses its rules' : 'a scenario does not come out as it says';
    problems.push(problemIn(file, name, name, `${found}, on ${stack.name}:\n${withoutPaths(said, directory)}`));
  }
  return problems;
}

/** What one call of promtool could prove; the last of the files is what it is given. */
interface Proof {
  readonly file: OwnFile<Topic>;
  readonly stack: Stack;
  readonly name: string;
  readonly command: 'check' | 'test';
  readonly files: readonly OutputFile[];
  readonly scenarios: number;
}

function proofsOf(stack: Stack, file: OwnFile<Topic>): readonly Proof[] {
  const group = renderTopic(stack, file.value);
  if (group === undefined) return [];
  const possible = file.value.alerts.filter((alert) => whyNot(stack, alert) === undefined);
  return [
    { file, stack, name: file.value.name, command: 'check', files: [ruleFile(group)], scenarios: 0 },
    ...possible.map((alert) => scenarioProof(stack, file, alert, group)),
  ];
}

/** The topic's recordings are in force: a scenario may give what they are made of. */
function scenarioProof(stack: Stack, file: OwnFile<Topic>, alert: Alert, { rules }: RuleGroup): Proof {
  const suite = suiteOf(stack, alert, [withoutAnnotations(renderAlert(stack, alert))]);
  const records = rules.filter((rule) => 'record' in rule);
  const files = suiteFiles(stack, 'suite', { ...suite, rules: [...records, ...suite.rules] });
  return { file, stack, name: alert.name, command: 'test', files, scenarios: alert.scenarios.length };
}

interface Written extends Proof {
  readonly directory: string;
  /** What promtool is given. */
  readonly path: string;
}

function written(proof: Proof, directory: string): Written {
  const paths = proof.files.map(({ path, content }) => {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  });
  return { ...proof, directory, path: paths.at(-1) ?? directory };
}

/** What promtool complains of; undefined when it is content. It tells the time in UTC, as the expectations do. */
async function ask(
  promtool: string,
  command: Proof['command'],
  proofs: readonly Written[],
): Promise<string | undefined> {
  const paths = proofs.map(({ path }) => path);
  if (paths.length === 0) return undefined;
  return promisify(execFile)(promtool, [command, 'rules', ...paths], { env: { TZ: 'UTC' } }).then(
    () => undefined,
    (failure: Error & { stdout?: string; stderr?: string }) =>
      `${failure.stdout ?? ''}${failure.stderr ?? ''}` || failure.message,
  );
}

function withoutPaths(text: string, directory: string): string {
  return text
    .replaceAll(`${directory}/`, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(Unit Testing|Checking)/.test(line))
    .map((line) => `    ${line}`)
    .join('\n');
}
