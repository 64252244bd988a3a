import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { lookout } from '../../support/lookout.ts';
import { isInstalled, run } from '../../support/programs.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lookout-files-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const environment = join(temporary, 'shop');
mkdirSync(environment);

const yaml = `platform: kubernetes
namespace: shop
applications: [{ name: web, metrics: { address: web:8000 } }]
components: { grafana: none }
`;

function write(text: string): void {
  writeFileSync(join(environment, 'environment.yaml'), text);
}

const path = process.env['PATH'];
const lookoutHere = (...argv: readonly string[]) => lookout([...argv, '--dist', 'dist'], temporary, { PATH: path });

describe('a stack that others apply', () => {
  beforeEach(() => {
    rmSync(join(temporary, 'dist'), { recursive: true, force: true });
    write(`${yaml}delivery: { kind: files }\n`);
  });

  test('is planned against its directory, without a cluster: all of it, nothing, then just what a change changes', async () => {
    const first = await lookoutHere('plan', environment);
    expect(first.code).toBe(2);
    expect(first.printed).toContain('  + create StatefulSet shop/lookout-prometheus');
    await lookoutHere('build', environment);
    expect(await lookoutHere('plan', environment)).toMatchObject({ code: 0, reported: [] });
    write(`${yaml.replace('web:8000', 'web:9000')}delivery: { kind: files }\n`);
    const changed = await lookoutHere('plan', environment);
    expect(changed.code).toBe(2);
    expect(changed.printed.join('\n')).toMatch(/scrape_configs\[web\].*"web:8000".*"web:9000"/s);
    expect(changed.printed.at(-1)).toMatch(/^ {2}1 to update, \d+ unchanged$/);
  });

  test('loses in the plan what the environment no longer asks for', async () => {
    write(`${yaml}volumes: [{ name: data, directory: /srv/data }]\ndelivery: { kind: files }\n`);
    await lookoutHere('build', environment);
    write(`${yaml}delivery: { kind: files }\n`);
    const { code, printed } = await lookoutHere('plan', environment, '--json');
    const [{ prunes }] = JSON.parse(printed.join('\n')) as [{ prunes: { action: string }[] }];
    expect(code).toBe(2);
    expect(prunes.length).toBeGreaterThan(3);
    expect(prunes.every(({ action }) => action === 'delete')).toBe(true);
  });

  test.each(['apply', 'destroy', 'release'])(
    'is not for %s, and the reason names who owns the objects',
    async (command) => {
      write(`${yaml}delivery: { kind: files, gitops: argocd }\n`);
      const { code, reported } = await lookout([command, environment], temporary);
      expect(code).toBe(1);
      expect(reported[0]).toContain('Argo CD owns the objects in the cluster');
    },
  );

  test('has no Secret in plain text unless that is asked for, and then readable by its owner only', async () => {
    const refused = await lookoutHere('credentials', 'write', environment);
    expect(refused).toMatchObject({ code: 1, printed: [] });
    expect(refused.reported[0]).toMatch(/in plain text: name age recipients in delivery.sops, or say --plain/);
    const { code, printed } = await lookoutHere('credentials', 'write', environment, '--plain');
    expect({ code, printed: printed.map((line) => line.replace(/^.*: /, '')) }).toEqual({
      code: 0,
      printed: ['written in plain text'],
    });
  });

  test('has its Secrets written by apply where it is applied by lookout', async () => {
    write(yaml);
    expect((await lookoutHere('credentials', 'write', environment)).reported[0]).toContain(
      'lookout apply writes its Secrets into the cluster',
    );
  });

  test.skipIf(!isInstalled('sops'))(
    'is incomplete in its plan until its encrypted Secrets lie there; a build keeps them',
    async () => {
      run('age-keygen', ['-o', join(temporary, 'age.key')]);
      const recipient = run('age-keygen', ['-y', join(temporary, 'age.key')]).trim();
      write(`${yaml}delivery: { kind: files, gitops: flux, sops: [${recipient}] }\n`);
      await lookoutHere('build', environment);
      const incomplete = await lookoutHere('plan', environment);
      expect(incomplete.code).toBe(1);
      expect(incomplete.printed.join('\n')).toContain('"lookout credentials write" makes it');
      await lookoutHere('credentials', 'write', environment);
      const secret = join(temporary, 'dist/shop/kubernetes/secrets/lookout-credentials.yaml');
      const written = readFileSync(secret, 'utf8');
      await lookoutHere('build', environment);
      expect(readFileSync(secret, 'utf8')).toBe(written);
      expect((await lookoutHere('plan', environment)).code).toBe(0);
    },
  );
});
