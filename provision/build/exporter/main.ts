import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../../../common/files.ts';
import { bundleExporter, bundlePath } from './bundle.ts';

const root = resolve(import.meta.dirname, '../../..');
const path = join(root, 'dist', bundlePath);
const bundle = await bundleExporter(root);
writeFileAtomic(path, bundle);
console.log(`${path}: ${Math.ceil(bundle.length / 1024)} KiB`);
