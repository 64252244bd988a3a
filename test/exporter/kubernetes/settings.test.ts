import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../../exporter/settings.ts';
import { configIn } from '../support/exporter.ts';
import { temporaryFolder } from '../support/folder.ts';

const kubelet = { claims: [{ namespace: 'shop', name: 'uploads' }], port: 10250, authority: null, nodes: null };

describe('the settings of what is read in a cluster', () => {
  test('may be left out', () => {
    expect(load({})).not.toHaveProperty('kubelet');
  });

  test('are taken, and the path of an authority is relative to the file', () => {
    const declared = {
      certificateSecrets: [{ name: 'shop-web', namespace: 'shop', secret: 'tls' }],
      certificateDiscovery: { namespaces: ['shop'] },
      certManager: [{ name: 'shop-mail', namespace: 'shop', certificate: 'mail' }],
      cronJobs: [{ backup: 'shop', purpose: 'backup', namespace: 'shop', name: 'dump' }],
    };
    const folder = temporaryFolder();
    const loaded = load({ ...declared, kubelet: { ...kubelet, authority: 'kubelet-ca.pem' } }, folder);
    expect(loaded).toMatchObject({ ...declared, kubelet: { authority: join(folder, 'kubelet-ca.pem'), nodes: null } });
  });

  test.each([
    { what: 'a port in words', declared: { kubelet: { ...kubelet, port: 'many' } }, place: 'kubelet.port' },
    {
      what: 'a node without address',
      declared: { kubelet: { ...kubelet, nodes: [{ name: 'a' }] } },
      place: 'kubelet.nodes[0].address',
    },
    {
      what: 'a Secret without name',
      declared: { certificateSecrets: [{ name: 'a', namespace: 'b' }] },
      place: 'certificateSecrets[0].secret',
    },
    {
      what: 'a Secret and a file of one name',
      declared: {
        certificateSecrets: [{ name: 'a', namespace: 'b', secret: 'c' }],
        certificateFiles: [{ name: 'a', path: 'x' }],
      },
      place: 'the name "a" is used twice',
    },
    {
      what: 'a Secret and a Certificate of one name',
      declared: {
        certificateSecrets: [{ name: 'a', namespace: 'b', secret: 'c' }],
        certManager: [{ name: 'a', namespace: 'b', certificate: 'd' }],
      },
      place: 'the name "a" is used twice',
    },
    {
      what: 'a Certificate without its own name',
      declared: { certManager: [{ name: 'a', namespace: 'b' }] },
      place: 'certManager[0].certificate',
    },
    {
      what: 'a claim that is measured twice',
      declared: { kubelet, volumes: [{ name: 'uploads', namespace: 'shop', directory: '/x', requested: null }] },
      place: 'the name "shop/uploads" is used twice',
    },
  ])('with $what are refused at their place', ({ declared, place }) => {
    expect(() => load(declared)).toThrow(place);
  });
});

describe('the name of the node', () => {
  const load = (node: string, env?: Readonly<Record<string, string>>) => {
    const path = join(temporaryFolder(), 'exporter.json');
    writeFileSync(path, JSON.stringify({ ...configIn(temporaryFolder(), {}), node }));
    return loadSettings(path, env).node;
  };

  test('is that of the pod where the configuration leaves it open', () => {
    expect(load('', { NODE_NAME: 'april' })).toBe('april');
    expect(load('', {})).toBe('');
  });

  test('is that of the configuration where it states one', () => {
    expect(load('localhost', { NODE_NAME: 'april' })).toBe('localhost');
  });
});

function load(declared: object, folder = temporaryFolder()) {
  const path = join(folder, 'exporter.json');
  writeFileSync(path, JSON.stringify({ ...configIn(folder, {}), ...declared }));
  return loadSettings(path);
}
