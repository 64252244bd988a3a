import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readIfPresent } from '../../common/files.ts';
import type { KubernetesObject, SecretPlan } from '../../k8s/types.ts';
import type { OutputFile } from '../../stack/types.ts';
import { readManifest } from '../build/write.ts';
import { referenceOf } from '../cluster/client/objects.ts';
import { idOf } from '../cluster/inventory/id.ts';
import { differences } from '../cluster/plan/diff.ts';
import type { Change, Plan } from '../cluster/plan/types.ts';
import { secretPath } from './secret-files.ts';

export interface FilesPlanSources {
  /** `<dist>/<stack>`. */
  readonly directory: string;
  /** The Kubernetes files as the environment builds them now. */
  readonly files: readonly OutputFile[];
  readonly secrets: readonly SecretPlan[];
}

/** What a build would change in the directory that others apply, object by object; nothing is written. */
export function planFiles({ directory, files, secrets }: FilesPlanSources): Plan {
  const before = objectsOf(writtenFiles(directory));
  const after = objectsOf(files);
  const changes = [...after].map(([id, object]) => change(object, before.get(id)));
  const gone = [...before].filter(([id]) => !after.has(id)).map(([, object]) => object);
  const missing = secrets.map(secretPath).filter((path) => !existsSync(join(directory, 'kubernetes', path)));
  return {
    changes,
    prunes: gone.map((object) => ({ reference: referenceOf(object), action: 'delete', reason: '' })),
    problems: missing.map((path) => ({
      object: path,
      message: 'is not there yet: "lookout credentials write" makes it',
    })),
  };
}

function change(object: KubernetesObject, before: KubernetesObject | undefined): Change {
  const found = before === undefined ? [] : differences(before, object);
  return {
    reference: referenceOf(object),
    object,
    action: before === undefined ? 'create' : found.length > 0 ? 'update' : 'none',
    differences: found,
    conflicts: [],
    warnings: [],
    notes: [],
    live: undefined,
    adopt: false,
    deferred: false,
  };
}

/** What an earlier build has written, by its manifest. */
function writtenFiles(directory: string): readonly OutputFile[] {
  return Object.keys(readManifest(directory).files)
    .filter((path) => path.startsWith('kubernetes/') || path === 'gitops.yaml')
    .flatMap((path) => {
      const content = readIfPresent(join(directory, path));
      return content === undefined ? [] : [{ path, content }];
    });
}

function objectsOf(files: readonly OutputFile[]): ReadonlyMap<string, KubernetesObject> {
  const objects = files
    .filter(({ path }) => !path.endsWith('/kustomization.yaml'))
    .flatMap(({ content }) =>
      parseAllDocuments(content, { version: '1.1' }).map((one) => one.toJS() as KubernetesObject),
    );
  return new Map(objects.map((object) => [idOf(object), object]));
}
