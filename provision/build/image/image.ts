import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../common/problems.ts';
import { bundleExporter } from '../exporter/bundle.ts';
import { imageArchive } from './archive.ts';
import { nodeRuntime, places } from './runtime.ts';

const program = 'lookout/lookout-exporter.mjs';

/** Nobody in particular; a pod may say another, also one that the image does not know. */
const user = '65532:65532';

/** Go's names for the machines that there is a Node of the lock file for. */
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The exporter as an image archive: one layer with Node and what it loads, which stays the same between versions, and one with
 * the bundle. On one machine the same sources give the same bytes.
 *
 * @param root of the checkout.
 * @param reference full name with a tag.
 * @throws UserError for a name without a tag, and on a machine where no image can be made.
 */
export async function exporterImage(root: string, reference: string): Promise<Buffer> {
  if (!/^[a-z0-9][a-z0-9._\-/:]*\/[a-z0-9._\-/]+:[\w.-]+$/.test(reference))
    throw new UserError(`${reference} is no full name of an image: expected <host>/<name>:<tag>, in small letters`);
  const runtime = nodeRuntime(root);
  const content = await bundleExporter(root);
  return await imageArchive({
    reference,
    architecture: architectures[process.arch] ?? process.arch,
    config,
    layers: [
      runtime,
      [
        { path: program, content },
        { path: 'lookout/LICENSE', content: readFileSync(join(root, 'LICENSE')) },
      ],
    ],
  });
}

const config = {
  User: user,
  Env: ['PATH=/usr/local/bin', 'NODE_USE_SYSTEM_CA=1', `SSL_CERT_FILE=/${places.authorities}`],
  Entrypoint: [`/${places.node}`, `/${program}`],
  Cmd: ['--config', '/etc/lookout/exporter.json'],
  WorkingDir: '/',
} as const;
