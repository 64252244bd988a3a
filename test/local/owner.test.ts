import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../common/problems.ts';
import { claimState } from '../../provision/local/owner.ts';
import { localPaths } from '../../provision/local/paths.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lookout-owner-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function claim(environment: string, root = join(directory, 'checkout')): void {
  for (const folder of [join(root, 'environments/local'), join(directory, 'a/watch'), join(directory, 'b/watch')]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'environment.yaml'), 'platform: local\n');
  }
  const selection = { environment, envFile: undefined, instance: undefined, state: undefined };
  claimState(selection, { root, cwd: directory }, localPaths(join(directory, 'state')));
}

test('a state directory belongs to the environment that was first started on it', () => {
  claim('./a/watch');
  claim('./a/watch');
  expect(statSync(join(directory, 'state/environment')).mode & 0o777).toBe(0o600);
});

test('another folder of the same name does not get its data, and is told what to do', () => {
  claim('./a/watch');
  expect(() => claim('./b/watch')).toThrow(UserError);
  expect(() => claim('./b/watch')).toThrow(/holds the data of .*a\/watch, not of .*b\/watch: .*--state/);
});

test('an environment that comes with Lookout keeps its data when the checkout moves', () => {
  claim('local', join(directory, 'checkout'));
  claim('local', join(directory, 'moved'));
});
