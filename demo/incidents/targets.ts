import type { Target, World } from './types.ts';

type Place = Omit<World, 'now'>;

/** The shop's database backup; undefined when this stack watches another directory. */
export function backupTarget({ stack, paths }: Place): Target | undefined {
  return target(
    'backup',
    stack.backups.find(({ directory }) => directory === paths.backups),
  );
}

export function uploadsTarget({ stack, paths }: Place): Target | undefined {
  return target(
    'claim',
    stack.volumes.find(({ directory }) => directory === paths.uploads),
  );
}

/** The shop's web certificate as a file. */
export function certificateTarget({ stack, paths }: Place): Target | undefined {
  const { certificate } = paths.certificate('shop-web');
  return target(
    'certificate',
    stack.certificates.files.find(({ path }) => path === certificate),
  );
}

/** The shop, scraped under a convention that tells of its requests. */
export function shopTarget({ stack }: Place): Target | undefined {
  const shop = stack.applications.find(({ name, convention }) => name === 'shop' && convention === 'prom-client');
  return target('application', shop);
}

function target(label: string, found: { readonly name: string } | undefined): Target | undefined {
  return found === undefined ? undefined : { label, name: found.name };
}
