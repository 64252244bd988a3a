// The pre-step of `npm start` and `npm test`: brings this machine to where both can run, and says nothing when it is there.
// Plain JavaScript for Node 20 and later, without packages: it runs before any is installed.
//   node setup.mjs          npm packages from the lock file, Prometheus, Alertmanager, openssl
//   node setup.mjs --test   also what only the tests use
//   node setup.mjs --cluster  also what the tests in a cluster put into pods
//   node setup.mjs --bench  also what the benchmarks compare with
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const stamp = join(root, 'node_modules', '.lookout-setup');

/** Debian packages by the program that each must give; `service` is the unit that must not start by itself. */
const forStart = [
  { program: 'prometheus', package: 'prometheus', service: 'prometheus' },
  { program: 'promtool', package: 'prometheus', service: 'prometheus' },
  {
    program: 'prometheus-alertmanager',
    otherwise: 'alertmanager', // the name in the project's own releases
    package: 'prometheus-alertmanager',
    service: 'prometheus-alertmanager',
  },
  { program: 'amtool', package: 'prometheus-alertmanager', service: 'prometheus-alertmanager' },
  { program: 'openssl', package: 'openssl' },
];
const forTests = [
  { program: 'chromium', package: 'chromium' },
  { program: 'sshfs', package: 'sshfs' },
  { program: 'age-keygen', package: 'age' },
  { program: '/usr/lib/openssh/sftp-server', package: 'openssh-sftp-server' },
  {
    program: 'prometheus-blackbox-exporter',
    package: 'prometheus-blackbox-exporter',
    service: 'prometheus-blackbox-exporter',
  },
];
const forClusters = [
  { program: '/usr/lib/postgresql/15/bin/postgres', package: 'postgresql-15', service: 'postgresql' },
  {
    program: 'prometheus-postgres-exporter',
    package: 'prometheus-postgres-exporter',
    service: 'prometheus-postgres-exporter',
  },
];
const forBenchmarks = [
  { program: 'prometheus-node-exporter', package: 'prometheus-node-exporter', service: 'prometheus-node-exporter' },
];

const wanted = [
  ...forStart,
  ...(process.argv.includes('--test') ? forTests : []),
  ...(process.argv.includes('--cluster') ? forClusters : []),
  ...(process.argv.includes('--bench') ? forBenchmarks : []),
];
process.exitCode = installNpmPackages() && checkNode() && installDebianPackages(wanted) ? 0 : 1;

function installNpmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return true;
  const installed = step('npm packages from package-lock.json', 'npm', [
    'ci',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
  ]);
  if (installed) writeFileSync(stamp, lock);
  return installed;
}

// npm leaves out an optional package without a word when it does not suit the machine or cannot be had.
function checkNode() {
  const node = join(root, 'node_modules', '.bin', 'node');
  const found = existsSync(node)
    ? spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()
    : process.version;
  if (Number(/^v(\d+)/.exec(found ?? '')?.[1] ?? 0) >= 24) return true;
  return fail(
    `Lookout needs Node.js 24 or later: npm installed none for ${process.platform}-${process.arch}, and this one is ${process.version}. Install Node.js 24 and try again.`,
  );
}

function installDebianPackages(programs) {
  const missing = programs.filter(({ program, otherwise }) => !onPath(program) && !(otherwise && onPath(otherwise)));
  if (missing.length === 0) return true;
  const packages = [...new Set(missing.map((entry) => entry.package))];
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const names = missing.map(({ program }) => program).join(', ');
  if (!onPath('apt-get')) return fail(`Not found: ${names}. Install them (on Debian: ${command}) and try again.`);
  if (process.getuid?.() !== 0) return fail(`Not found: ${names}. Install them as root and try again: ${command}`);
  const services = [...new Set(missing.flatMap(({ service }) => service ?? []))];
  return (
    step('list of Debian packages', 'apt-get', ['update', '-qq']) &&
    withoutServices(services, () =>
      step(`Debian packages: ${packages.join(' ')}`, 'apt-get', [
        'install',
        '-y',
        '-qq',
        '--no-install-recommends',
        ...packages,
      ]),
    )
  );
}

// Debian starts and enables a service when its package is installed. invoke-rc.d asks policy-rc.d first (101: forbidden).
function withoutServices(services, install) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return install();
  } finally {
    if (ours) rmSync(policy, { force: true });
    if (services.length > 0 && existsSync('/run/systemd/system'))
      spawnSync('systemctl', ['disable', '--quiet', ...services], { stdio: 'ignore' });
  }
}

function step(what, program, args) {
  process.stderr.write(`setup: ${what} ... `);
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) {
    process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return true;
  }
  process.stderr.write('failed\n');
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-15).join('\n');
  return fail(`${program} ${args.join(' ')} failed (${error?.message ?? `exit code ${status}`}):\n${said}`);
}

function onPath(program) {
  const places = program.startsWith('/')
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function fail(message) {
  console.error(message);
  return false;
}
