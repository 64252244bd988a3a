#!/usr/bin/env node
// Starts Lookout on Node 24 or later: on this Node when it is one, else on the one that npm installed from the lock file.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const entry = join(root, 'provision', 'cli', 'main.ts');
const oldest = 24;

if (Number(process.versions.node.split('.')[0]) >= oldest) {
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compile'));
  await import(entry);
} else {
  const node = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(node)) replaceBy(node);
  else {
    console.error(
      `lookout needs Node.js ${oldest} or later, this is ${process.version}: run "npm start" once in ${root}, it installs one`,
    );
    process.exitCode = 1;
  }
}

// Node 20 cannot replace its own process, so it stands in front: signals are passed on, the exit is mirrored.
function replaceBy(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`lookout could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
