import { join } from 'node:path';
import { readIfPresent, writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import type { SecretPlan } from '../../k8s/types.ts';
import { namesIn } from '../cluster/credentials/render.ts';
import type { Store } from '../cluster/credentials/rotate/types.ts';
import { withValue } from '../cluster/credentials/secrets.ts';
import { type Data, secretObject } from '../cluster/credentials/stored.ts';
import { describeSecretFile, secretYaml } from './secret-file.ts';
import { openSecretFile, secretPath } from './secret-files.ts';
import type { Sops } from './sops.ts';

export interface FileStoreSources {
  readonly plans: readonly SecretPlan[];
  /** Where the files of the Secrets lie. */
  readonly directory: string;
  readonly sops: Sops;
  /** What the cluster has of a Secret; undefined: nothing. */
  readonly live: (plan: SecretPlan) => Promise<Data | undefined>;
  readonly tell: (line: string) => void;
  /** Rejects when the person stops the rotation. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const pause = 2_000;

/**
 * The values of a stack whose Secrets others apply from files. A file is written as it was, for the same recipients, and then
 * waited for without an end: a person commits it, and whoever applies takes his time.
 */
export function fileStore(sources: FileStoreSources): Store {
  const files = () => Promise.all(sources.plans.map((plan) => readFile(plan, sources)));
  return {
    data: async () => {
      const read = await files();
      for (const { plan, path, data } of read) await awaitApplied(plan, path, data, sources);
      return Object.assign({}, ...read.map(({ data }) => data));
    },
    write: async (secret, value) => {
      for (const { plan, path, content, data } of await files()) {
        if (!namesIn(plan).has(secret)) continue;
        const changed = await withValue(plan, data, secret, value);
        const plain = secretYaml(secretObject(plan, changed));
        const { recipients } = describeSecretFile(content, path);
        const written = recipients === null ? plain : await sources.sops.encrypt(plain, path, recipients);
        writeFileAtomic(path, written, recipients === null ? 0o600 : 0o644);
        await awaitApplied(plan, path, changed, sources);
      }
    },
  };
}

interface Read {
  readonly plan: SecretPlan;
  readonly path: string;
  readonly content: string;
  readonly data: Data;
}

async function readFile(plan: SecretPlan, { directory, sops }: FileStoreSources): Promise<Read> {
  const path = join(directory, secretPath(plan));
  const content = readIfPresent(path);
  if (content === undefined) throw new UserError(`${path} is not there: "lookout credentials write" makes it`);
  return { plan, path, content, data: await openSecretFile(content, path, sops) };
}

async function awaitApplied(
  plan: SecretPlan,
  path: string,
  wanted: Data,
  { live, tell, sleep }: FileStoreSources,
): Promise<void> {
  const isThere = async () => same(wanted, (await live(plan)) ?? {});
  if (await isThere()) return;
  tell(
    `${path} holds what the cluster does not have yet: commit it and let it be applied; waiting (Ctrl-C: the same command goes on from here)`,
  );
  while (!(await isThere())) await sleep(pause);
  tell(`the cluster has what ${path} holds`);
}

function same(wanted: Data, found: Data): boolean {
  const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...keys].every((key) => wanted[key] === found[key]);
}
