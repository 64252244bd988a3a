import type { Report } from './checks.ts';
import { suggestion } from './nearest.ts';
import { child, itemsAt, type Node, type Path, textAt } from './tree.ts';

/** How the certificates of an environment fit together. */
export function checkCertificates(root: Node, report: Report): void {
  for (const [index, file] of itemsAt(root, ['certificates', 'files']).entries()) {
    if (child(file, 'password') !== undefined && textAt(file, ['name'])?.includes('.')) {
      report(['certificates', 'files', index, 'name'], 'the password is kept in a file of this name, which has no .');
    }
  }
  const files = names(root, ['certificates', 'files']);
  const secrets = names(root, ['certificates', 'secrets']);
  for (const [index, endpoint] of itemsAt(root, ['certificates', 'endpoints']).entries()) {
    const expects = textAt(endpoint, ['expects']);
    if (expects === undefined || expects === '') continue;
    const path = ['certificates', 'endpoints', index, 'expects'];
    if (!files.includes(expects) && !secrets.includes(expects)) report(path, unknown(expects, [...files, ...secrets]));
    else if (secrets.includes(expects) && child(endpoint, 'authority') !== undefined) {
      report(
        path,
        'names a Secret, which no pod reads that also reads the file of an authority; remove one of the two',
      );
    }
  }
}

function names(root: Node, list: Path): readonly string[] {
  return itemsAt(root, list).flatMap((item) => textAt(item, ['name']) ?? []);
}

function unknown(expects: string, stored: readonly string[]): string {
  const known = stored.length === 0 ? 'none is declared' : `declared are ${stored.join(', ')}`;
  return `names no stored certificate (${known})${suggestion(expects, stored)}`;
}
