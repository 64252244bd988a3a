import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { residentMegabytes } from '../../bench/measure.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { openssl, read } from '../../exporter/support/openssl.ts';
import { parseExposition } from '../../support/exposition.ts';
import { serviceAccount } from '../support/access.ts';
import { installExporter, startPod, token } from '../support/exporter.ts';
import { loadImages } from '../support/images.ts';
import { kubectl, kubectlJson, node, temporaryNamespace } from '../support/kubectl.ts';
import { createMany } from './create.ts';

const count = 10_000;
const shop = temporaryNamespace();
const home = temporaryNamespace();
const account = { namespace: home, name: 'lookout-exporter-api' };

/** Measured on the cluster's own node: from inside its network, and in the process table of this machine. */
test('10 000 TLS Secrets from a real API server', { timeout: 600_000 }, async () => {
  loadImages();
  await createMany(`/api/v1/namespaces/${shop}/secrets`, secrets());
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] }];
  serviceAccount(account, [{ namespace: shop, rules }]);
  await installExporter(home);
  const config = { certificateDiscovery: { namespaces: [shop] }, interval: 60 };
  startPod({ ...account, role: { serviceAccount: account.name }, config });
  const { status } = kubectlJson<{ status: { podIP: string } }>('get', 'pod', account.name, `--namespace=${home}`);
  const url = `http://${status.podIP}:9090/prometheus`;
  const first = scrape(url);
  const value = (name: string) => Number(first.find((sample) => sample.name === name)?.value);
  const pid = Number(execFileSync('pgrep', ['--full', '--newest', '/app/exporter.mjs'], { encoding: 'utf8' }));
  let resident = 0;
  for (let second = 0; second < 30; second++) {
    scrape(url);
    resident = Math.max(resident, residentMegabytes(pid));
    await sleep(1000);
  }
  const figures = {
    secrets: scrape(url).filter(({ name }) => name === 'lookout_certificate_info').length,
    'start to complete (s)':
      value('lookout_collector_last_success_timestamp_seconds') - value('process_start_time_seconds'),
    'scrape plain (ms)': time(url, []),
    'scrape gzip (ms)': time(url, ['--header', 'Accept-Encoding: gzip']),
    'resident (MB)': resident,
    'longest pause of the loop, the start included (ms)': value('nodejs_eventloop_lag_max_seconds') * 1000,
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  kubectl(['delete', 'pod', account.name, `--namespace=${home}`]);
});

function secrets(): readonly object[] {
  const { selfSigned } = openssl(temporaryFolder());
  const issued = Array.from({ length: 20 }, (_, index) =>
    selfSigned({ name: `shop-${index}.test`, names: `DNS:shop-${index}.test` }),
  );
  const data = issued.map(({ certificate, key }) => ({
    'tls.crt': base64(read(certificate)),
    'tls.key': base64(read(key)),
  }));
  return Array.from({ length: count }, (_, number) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: `certificate-${String(number).padStart(5, '0')}` },
    data: data[number % data.length],
  }));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function curl(url: string, args: readonly string[]): string {
  return node('exec', 'curl', '--silent', '--fail', '--header', `Authorization: Bearer ${token}`, ...args, url);
}

function scrape(url: string) {
  return parseExposition(curl(url, []));
}

/** Milliseconds from the request to its last byte, the median of fifteen. */
function time(url: string, args: readonly string[]): number {
  const printed = ['--output', '/dev/null', '--write-out', '%{time_connect} %{time_total}', ...args];
  const times = Array.from({ length: 15 }, () => {
    const [connected = 0, total = 0] = curl(url, printed).split(' ').map(Number);
    return (total - connected) * 1000;
  });
  return times.toSorted((a, b) => a - b)[7] ?? Number.NaN;
}
