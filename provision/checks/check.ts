import type { OutputFile, Stack } from '../../stack/types.ts';
import type { ClaimView } from './claims.ts';
import type { OperatedObject } from './operated.ts';
import type { Service } from './service.ts';

/** One proof about a running stack. `verify`, `status` and `doctor` share these on both platforms. */
export interface Check<Context extends Checkable = CheckContext> {
  /** Kebab-case, unique: what `--json` and tests name it by. */
  readonly name: string;
  /** What is proven when it passes, as a sentence without a full stop. */
  readonly title: string;
  /** Why it cannot be made on this stack; undefined when it can. */
  readonly impossible?: (stack: Stack) => string | undefined;
  /** Programs that it asks: where one of them is out of reach, it cannot be made. */
  readonly asks?: readonly ('prometheus' | 'alertmanager')[];
  /** Sends something to people; only made when asked for. */
  readonly delivers?: boolean;
  /** Rejections count as a finding too: a check that cannot be made has not passed. */
  readonly run: (context: Context) => Promise<readonly Finding[]>;
}

/** What every check is about. */
export interface Checkable {
  readonly stack: Stack;
}

/** Evidence about one object. */
export interface Finding {
  readonly ok: boolean;
  /** Which object, e.g. `target shop` or `panel Backups / Age`. */
  readonly subject: string;
  /** What was seen, with figures; never a secret. */
  readonly evidence: string;
  /** Nothing is wrong, but a person should know of it: shown even where only what failed is. */
  readonly remark?: boolean;
}

export interface CheckContext extends Checkable {
  /** What the stack's build gives now. */
  readonly outputs: readonly OutputFile[];
  /** Whichever of several answers. */
  readonly prometheus: Service;
  /** Each of them; of several each is called as its pod. */
  readonly prometheuses: readonly Service[];
  readonly alertmanagers: readonly Service[];
  /** One in each of its roles. */
  readonly exporters: readonly Service[];
  /** As its admin; null where there is none of ours. */
  readonly grafana: Service | null;
  /** By application name; only those with an endpoint. */
  readonly applications: Readonly<Record<string, Service>>;
  /** The local inbox; null when every receiver is the user's own. */
  readonly inbox: Service | null;
  /** The files that the platform runs from, and whether each is as it is built now. */
  readonly configuration: () => Promise<readonly ConfigurationFile[]>;
  /** Files or Secrets that hold credentials, with who may read them. */
  readonly credentials: readonly {
    readonly name: string;
    readonly place: string;
    readonly problem: string | undefined;
  }[];
  /** The claims of the components that keep data; none on one machine. */
  readonly claims: () => Promise<readonly ClaimView[]>;
  /** The objects that operators of the cluster read; none but in flavour operator. */
  readonly operated: () => Promise<readonly OperatedObject[]>;
  /** Where Prometheus should keep its data. */
  readonly dataDirectory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Unique per run; marks what a delivering check sends. */
  readonly nonce: string;
}

export interface ConfigurationFile {
  readonly path: string;
  readonly equal: boolean;
}

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped; else empty. */
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/** How checks are made. */
export interface Manner {
  /** Also those that send something to people. */
  readonly deliver?: boolean;
  readonly tell?: (result: CheckResult) => void;
  /** Whether what failed may be made once more, after it has waited for that; never so of what sends something. */
  readonly again?: () => Promise<boolean>;
}

/** Makes the checks one after another; tells each result as it is known. */
export async function runChecks<Context extends Checkable>(
  checks: readonly Check<Context>[],
  context: Context,
  { deliver = false, tell = () => {}, again = async () => false }: Manner = {},
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (check.delivers === true && !deliver) continue;
    let result = await runCheck(check, context);
    while (result.outcome === 'failed' && check.delivers !== true && (await again()))
      result = await runCheck(check, context);
    tell(result);
    results.push(result);
  }
  return results;
}

/** Nothing checked is no proof: at least one check must have passed and none failed. */
export function allPassed(results: readonly CheckResult[]): boolean {
  return results.some(({ outcome }) => outcome === 'passed') && results.every(({ outcome }) => outcome !== 'failed');
}

async function runCheck<Context extends Checkable>(check: Check<Context>, context: Context): Promise<CheckResult> {
  const { name, title } = check;
  const reason = check.impossible?.(context.stack) ?? outOfReach(check, context.stack);
  if (reason !== undefined) return { name, title, outcome: 'skipped', reason, findings: [] };
  const findings = await check
    .run(context)
    .catch((error: unknown) => [
      { ok: false, subject: name, evidence: error instanceof Error ? describe(error) : String(error) },
    ]);
  const passed = findings.length > 0 && findings.every(({ ok }) => ok);
  const proven =
    findings.length > 0 ? findings : [{ ok: false, subject: name, evidence: 'nothing was found to check' }];
  return { name, title, outcome: passed ? 'passed' : 'failed', reason: '', findings: proven };
}

/** A program that operators run somewhere where nobody asks it from here. */
function outOfReach<Context extends Checkable>({ asks = [] }: Check<Context>, { cluster }: Stack): string | undefined {
  const missing = asks.find((component) => cluster?.components[component].kind === 'none');
  return missing === undefined ? undefined : `components.${missing} is none: it is not within reach from here`;
}

/** With every cause: that of a request that failed stands two below. */
function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${describe(error.cause)}` : error.message;
}
