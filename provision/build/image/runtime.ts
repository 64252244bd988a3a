import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../../common/problems.ts';
import type { TarFile } from './layer.ts';

/** Where authorities lie on Debian and Alpine, Fedora, SUSE. */
const authorityFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];

/** The C library opens them by name, when it looks a host up; a part of it since 2.34. */
const lookupLibraries = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/** Paths in the image. */
export const places = { node: 'usr/local/bin/node', authorities: 'etc/ssl/certs/ca-certificates.crt' } as const;

/**
 * What a program of Node needs below it: the Node of the lock file, the libraries of this machine that it loads, the
 * authorities of this machine, and how names are looked up.
 *
 * @param root of the checkout.
 * @throws UserError on a machine that lacks one of them.
 */
export function nodeRuntime(root: string): readonly TarFile[] {
  const folder = join(root, 'node_modules', `node-${process.platform}-${process.arch}`);
  const node = join(folder, 'bin', 'node');
  if (!existsSync(node))
    throw new UserError(
      `${node} is missing: an image is made on Linux, on x64 or arm64, from the Node of the lock file; run "npm ci"`,
    );
  return [
    { path: places.node, content: readFileSync(node), mode: 0o755 },
    { path: 'usr/local/share/doc/node/LICENSE', content: readFileSync(join(folder, 'LICENSE')) },
    ...librariesOf(node).map((path) => ({ path: path.slice(1), content: readFileSync(path), mode: 0o755 })),
    { path: places.authorities, content: readFileSync(authorities()) },
    { path: 'etc/passwd', content: Buffer.from('lookout:x:65532:65532::/:/sbin/nologin\n') },
    { path: 'etc/group', content: Buffer.from('lookout:x:65532:\n') },
    { path: 'etc/nsswitch.conf', content: Buffer.from('hosts: files dns\n') },
  ];
}

/** Absolute paths as the loader finds them, the loader's own included. Source: the lines of ldd(1). */
function librariesOf(program: string): readonly string[] {
  const lines = listed(program).split('\n');
  const missing = lines.find((line) => line.includes('not found'));
  if (missing !== undefined) throw new UserError(`${program} does not run on this machine: ${missing.trim()}`);
  const loaded = lines.flatMap((line) => /(?:=> |^\s+)(\/\S+) \(/.exec(line)?.[1] ?? []);
  const system = loaded.find((path) => /\/libc\.so/.test(path));
  if (system === undefined) throw new UserError(`ldd names no C library of ${program}: is this machine's one glibc?`);
  const lookups = lookupLibraries.map((name) => join(dirname(system), name)).filter((path) => existsSync(path));
  return [...new Set([...loaded, ...lookups])];
}

function listed(program: string): string {
  try {
    return execFileSync('ldd', [program], { encoding: 'utf8', env: {} });
  } catch (cause) {
    throw new UserError(`could not list the libraries of ${program}: ldd must be on the PATH`, { cause });
  }
}

function authorities(): string {
  const found = authorityFiles.find((path) => existsSync(path));
  if (found === undefined)
    throw new UserError(`no file of certificate authorities (${authorityFiles.join(', ')}): install ca-certificates`);
  return found;
}
