import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lookout } from '../support/lookout.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lookout-init-'));
afterAll(() => rmSync(temporary, { recursive: true }));

describe('lookout init <directory>', () => {
  test('writes an environment that is valid as it stands, and says what comes next', async () => {
    const { code, printed } = await lookout(['init', 'watch'], temporary);
    expect(code).toBe(0);
    expect(printed).toContain('  lookout up ./watch');
    const checked = await lookout(['env', 'check', './watch'], temporary);
    expect(checked).toMatchObject({ code: 0, reported: [] });
    expect(checked.printed[0]).toMatch(/^watch: valid; local, namespace watch; 0 applications/);
  });

  test('gives examples that are valid when they are taken out of their comments', async () => {
    await lookout(['init', 'examples'], temporary);
    const path = join(temporary, 'examples/environment.yaml');
    const examples = readFileSync(path, 'utf8').replaceAll(/^# ( *(?:- )?(?:[a-z]+:|\{).*)$/gm, '$1');
    writeFileSync(path, examples);
    const checked = await lookout(['env', 'check', './examples'], temporary);
    expect(checked.reported).toEqual([]);
    expect(checked.printed[0]).toMatch(/1 application, 1 backup, 1 volume, 2 certificates; mail to you@example.com/);
  });

  test('touches nothing that is there', async () => {
    await lookout(['init', 'twice'], temporary);
    const path = join(temporary, 'twice/environment.yaml');
    writeFileSync(path, 'mine');
    const { code, reported } = await lookout(['init', 'twice'], temporary);
    expect(code).toBe(1);
    expect(reported[0]).toMatch(/twice holds environment.yaml, .env, .gitignore already: name another folder/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('refuses a folder whose name cannot be that of a stack, and writes nothing', async () => {
    const { code, reported } = await lookout(['init', 'My_Watch'], temporary);
    expect(code).toBe(1);
    expect(reported[0]).toMatch(/"My_Watch" becomes part of object names/);
    expect(existsSync(join(temporary, 'My_Watch'))).toBe(false);
  });
});
