import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadOne, stackOf } from './load.ts';

const cluster = (keys: object) => stackOf(stringify({ platform: 'kubernetes', namespace: 'shop', ...keys }));
const mounts = (keys: object) => cluster(keys).exporter.node?.mounts;
const backup = { pattern: '%F', engine: 'files', expectedInterval: '1d' };

describe('what the exporter reads by a path', () => {
  test('is mounted from the node at the same path, and what lies below another directory only with that', () => {
    const found = mounts({
      backups: [{ name: 'dumps', directory: '/srv/data/dumps/', ...backup }],
      volumes: [
        { name: 'data', directory: '/srv/data' },
        { name: 'database', directory: '/srv/database' },
      ],
    });
    expect(found).toEqual([
      { kind: 'host', path: '/srv/data' },
      { kind: 'host', path: '/srv/database' },
    ]);
  });

  test('is mounted once from each claim, however many things lie in it', () => {
    const stack = cluster({
      backups: [
        { name: 'database', claim: 'dumps', ...backup },
        { name: 'files', claim: 'dumps', directory: 'files/daily', ...backup },
      ],
      volumes: [{ name: 'uploads', claim: 'data', directory: 'uploads' }],
      certificates: { files: [{ name: 'web', claim: 'data', path: 'tls/web.pem' }] },
    });
    expect(stack.exporter.node?.mounts).toEqual([
      { kind: 'claim', claim: 'data', path: '/claims/data' },
      { kind: 'claim', claim: 'dumps', path: '/claims/dumps' },
    ]);
    expect(stack.backups.map(({ directory }) => directory)).toEqual(['/claims/dumps', '/claims/dumps/files/daily']);
    expect(stack.volumes[0]?.directory).toBe('/claims/data/uploads');
    expect(stack.certificates.files[0]?.path).toBe('/claims/data/tls/web.pem');
  });

  test('is for a certificate its directory, and for one of Certbot also the archive that its links lead to', () => {
    const found = mounts({
      certificates: {
        files: [
          { name: 'web', path: '/etc/letsencrypt/live/shop.test/fullchain.pem' },
          { name: 'mail', path: '/etc/ssl/mail/cert.pem' },
        ],
        endpoints: [{ name: 'api', address: 'api.test', authority: '/etc/ssl/ca/ca.pem' }],
      },
    });
    expect(found).toEqual([
      { kind: 'host', path: '/etc/letsencrypt' },
      { kind: 'host', path: '/etc/ssl/ca' },
      { kind: 'host', path: '/etc/ssl/mail' },
    ]);
  });

  test('needs no pod on the nodes where nothing has a path', () => {
    expect(cluster({ volumes: [{ claim: 'data' }], certificates: { discover: 'namespace' } }).exporter.node).toBeNull();
  });

  test('needs none on one machine', () => {
    expect(stackOf('platform: local\nvolumes: [{ name: data, directory: /data }]\n').exporter.node).toBeNull();
  });
});

describe('a claim that is declared as a volume', () => {
  test('is not mounted, and has its own name', () => {
    expect(cluster({ volumes: [{ claim: 'data', namespace: 'jobs', size: '2Gi' }] }).volumes).toEqual([
      { name: 'data', namespace: 'jobs', directory: null, claim: 'data', requested: 2 * 1024 ** 3 },
    ]);
  });

  test('is also looked for among the local-path claims of the nodes', () => {
    const volumes = [{ claim: 'data' }];
    expect(mounts({ volumes, cluster: { distribution: 'k3s' } })).toEqual([
      { kind: 'host', path: '/var/lib/rancher/k3s/storage' },
    ]);
    expect(mounts({ volumes, cluster: { localPath: '/opt/local-path' } })).toEqual([
      { kind: 'host', path: '/opt/local-path' },
    ]);
  });
});

test('explain tells where each came from', () => {
  const { origins } = loadOne(`platform: kubernetes
namespace: shop
volumes:
  - claim: data
backups:
  - name: database
    claim: dumps
    pattern: "%F"
    engine: files
    expectedInterval: 1d
    cronJob: dump
    cleanup: { namespace: jobs, name: delete }
certificates:
  discover: everywhere
exporter:
  tls: { secret: exporter-tls }
`);
  const at = (path: string) => origins.get(path);
  expect(at('volumes[0].name')).toBe('environment.yaml:4');
  expect(at('volumes[0].namespace')).toBe('default');
  expect(at('backups[0].directory')).toBe('environment.yaml:7 (dumps)');
  expect(at('backups[0].cronJob.name')).toBe('environment.yaml:11');
  expect(at('backups[0].cronJob.namespace')).toBe('default');
  expect(at('backups[0].cleanup.namespace')).toBe('environment.yaml:12');
  expect(at('certificates.discover.namespaces')).toBe('environment.yaml:14 (everywhere)');
  expect(at('exporter.tls.key')).toBe('environment.yaml:16 (exporter-tls)');
  expect(at('exporter.tls.serverName')).toBe('default');
  expect(at('secrets.exporter-key.key')).toBe('environment.yaml:16 (exporter-tls)');
  expect(at('exporter.node.mounts[0].path')).toBe('built-in');
});
