import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** The bundle's place in `dist/`. */
export const bundlePath = join('exporter', 'lookout-exporter.mjs');

/** Bytes that the bundle may have: a ConfigMap holds 1 MiB, names and annotations included. */
export const bundleLimit = 900 * 1024;

/** Gives packages in CommonJS form the function that they expect. */
const banner =
  "import{createRequire as lookoutRequire}from'node:module';const require=lookoutRequire(import.meta.url);";

/** Fastify requires them only for schemas of routes and for requests without a network; the exporter has neither. */
const unused = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];

/** Of node-forge only what reads keys and certificates: its TLS and SSH in JavaScript would add 80 KiB. */
const smallForge: Plugin = {
  name: 'small-forge',
  setup: ({ initialOptions, onResolve, onLoad }) => {
    onResolve({ filter: /^node-forge$/ }, () => ({ path: 'pki', namespace: 'small-forge' }));
    onLoad({ filter: /./, namespace: 'small-forge' }, () => ({
      contents: "require('node-forge/lib/pki.js'); module.exports = require('node-forge/lib/forge.js');",
      resolveDir: initialOptions.absWorkingDir ?? '',
    }));
  },
};

/**
 * The exporter and all packages that it imports, its tracing too, as one ES module for Node 24. The same sources and packages
 * give the same bytes, wherever the checkout lies.
 *
 * @param root of the checkout.
 */
export async function bundleExporter(root: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['exporter/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    // Beyond ASCII there are characters that an API server refuses in what is applied: it reads JSON as YAML.
    charset: 'ascii',
    external: unused,
    plugins: [smallForge],
    banner: { js: banner },
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild gave no file for exporter/main.ts');
  if (file.contents.length > bundleLimit)
    throw new Error(`the bundled exporter has ${file.contents.length} bytes, a ConfigMap takes ${bundleLimit}`);
  return file.contents;
}
