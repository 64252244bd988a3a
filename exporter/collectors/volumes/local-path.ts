import type { LocalPathClaimSource } from '../../config.ts';
import { SourceError } from '../../model/failure.ts';
import type { Files } from '../../reader/task.ts';

/** Where a volume lies, and its name where the directory tells it. */
export interface Place {
  readonly directory: string;
  readonly volume: string;
}

/**
 * The directory of a claim: `<volume>_<namespace>_<claim>`, of which none can hold an underscore. Undefined when it is not on
 * this node. Source: local-path-provisioner, provisioner.go, folderName; with a `pathPattern` of its own another one.
 */
export function findClaim(files: Files, claim: LocalPathClaimSource): Place | undefined {
  const { root, namespace, name, volume: wanted } = claim;
  const found: Place[] = [];
  for (const entry of files.entries(root)) {
    const [volume = '', ofNamespace, ofClaim, ...more] = entry.name.split('_');
    if (ofNamespace !== namespace || ofClaim !== name || more.length > 0 || !entry.isDirectory()) continue;
    if (wanted === undefined || wanted === volume) found.push({ directory: `${root}/${entry.name}`, volume });
  }
  if (found.length <= 1) return found[0];
  const volumes = found.map(({ volume }) => volume).sort();
  throw new SourceError(
    'ambiguous',
    `${root} has several directories of claim ${namespace}/${name}, those of the volumes ${volumes.join(', ')}: delete what is left over, or declare the volume`,
  );
}
