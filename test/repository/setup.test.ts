import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const checkout = mkdtempSync(join(tmpdir(), 'lookout-setup-'));
const programs = join(checkout, 'bin');
mkdirSync(programs);
mkdirSync(join(checkout, 'node_modules'));
for (const file of ['setup.mjs', 'package-lock.json']) copyFileSync(join(root, file), join(checkout, file));
const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
writeFileSync(join(checkout, 'node_modules/.lookout-setup'), lock.digest('hex'));
afterAll(() => rmSync(checkout, { recursive: true }));

/** The setup of a checkout whose npm packages are there, on a machine with these programs and nothing else. */
function setup(names: readonly string[]) {
  rmSync(programs, { recursive: true });
  mkdirSync(programs);
  for (const name of names) {
    writeFileSync(join(programs, name), '');
    chmodSync(join(programs, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'setup.mjs')], {
    encoding: 'utf8',
    env: { PATH: programs },
  });
  return { status, output: stdout + stderr };
}

const common = ['prometheus', 'promtool', 'amtool', 'openssl'];

test.each(['prometheus-alertmanager', 'alertmanager'])(
  'setup is silent where everything is there, Alertmanager as %s',
  (name) => {
    expect(setup([...common, name])).toEqual({ status: 0, output: '' });
  },
);

test('setup names what is missing and the command in one line, where it cannot install it', () => {
  expect(setup(common)).toEqual({
    status: 1,
    output:
      'Not found: prometheus-alertmanager. Install them (on Debian: apt-get install --no-install-recommends prometheus-alertmanager) and try again.\n',
  });
});
