import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { residentMegabytes } from '../../bench/memory.ts';
import { atMost, exactly, type Result } from '../../bench/result.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { openssl, read } from '../../exporter/support/openssl.ts';
import { parseExposition } from '../../support/exposition.ts';
import { serviceAccount } from '../support/access.ts';
import { installExporter, startPod, token } from '../support/exporter.ts';
import { kubectl, kubectlJson, temporaryNamespace } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { createMany } from './create.ts';

const count = 10_000;
const starts = 3;
const shop = temporaryNamespace();
const home = temporaryNamespace();
const account = { namespace: home, name: 'lookout-exporter-api' };

/** Measured on the cluster's own node: from inside its network, and in the process table of this machine. */
test('10 000 TLS Secrets from a real API server', { timeout: 900_000 }, async () => {
  await createMany(`/api/v1/namespaces/${shop}/secrets`, secrets());
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] }];
  serviceAccount(account, [{ namespace: shop, rules }]);
  installExporter(home);
  const complete: number[] = [];
  for (let start = 0; start < starts; start += 1) complete.push(startToComplete());
  const url = urlOfPod();
  const kubectlTimes = Array.from({ length: starts }, timeKubectl);
  const list = [{ name: 'kubectl get secrets', values: kubectlTimes }];
  const row = (what: string, rest: Omit<Result, 'work'>): Result => ({
    work: `${count} TLS Secrets: ${what}`,
    ...rest,
  });
  const results: readonly Result[] = [
    row('start to complete', { unit: 's', values: complete, baselines: list, target: atMost(3) }),
    row('scrape, plain', { unit: 'ms', values: times(url, []), baselines: [], target: atMost(8) }),
    row('scrape, gzip', {
      unit: 'ms',
      values: times(url, ['--header', 'Accept-Encoding: gzip']),
      baselines: [],
      target: atMost(3),
    }),
    row('resident', { unit: 'MB', values: [await largestResident(url)], baselines: [], target: atMost(150) }),
    row('shown', { unit: 'objects', values: [shown(url)], baselines: [], target: exactly(count) }),
  ];
  writeFileSync(process.env['LOOKOUT_BENCH'] ?? '', JSON.stringify(results));
  kubectl(['delete', 'pod', account.name, `--namespace=${home}`]);
});

/** Starts the pod anew; seconds from the start of its process to the end of the first reading of all Secrets. */
function startToComplete(): number {
  const config = { certificateDiscovery: { namespaces: [shop] }, interval: 60 };
  startPod({ ...account, role: { serviceAccount: account.name }, config });
  const first = scrape(urlOfPod());
  const value = (name: string) => Number(first.find((sample) => sample.name === name)?.value);
  return value('lookout_collector_last_success_timestamp_seconds') - value('process_start_time_seconds');
}

function urlOfPod(): string {
  const { status } = kubectlJson<{ status: { podIP: string } }>('get', 'pod', account.name, `--namespace=${home}`);
  return `http://${status.podIP}:9090/prometheus`;
}

/** Seconds that kubectl needs to read all of them. */
function timeKubectl(): number {
  const started = performance.now();
  kubectl(['get', 'secrets', `--namespace=${shop}`, '--field-selector=type=kubernetes.io/tls', '--output=name']);
  return (performance.now() - started) / 1000;
}

async function largestResident(url: string): Promise<number> {
  const pid = Number(execFileSync('pgrep', ['--full', '--newest', '/app/exporter.mjs'], { encoding: 'utf8' }));
  let resident = 0;
  for (let second = 0; second < 30; second++) {
    scrape(url);
    resident = Math.max(resident, residentMegabytes(pid));
    await sleep(1000);
  }
  return resident;
}

function shown(url: string): number {
  return scrape(url).filter(({ name }) => name === 'lookout_certificate_info').length;
}

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

/** Milliseconds from the request to its last byte, of fifteen after three that warm up. */
function times(url: string, args: readonly string[]): readonly number[] {
  const printed = ['--output', '/dev/null', '--write-out', '%{time_connect} %{time_total}', ...args];
  const all = Array.from({ length: 18 }, () => {
    const [connected = 0, total = 0] = curl(url, printed).split(' ').map(Number);
    return (total - connected) * 1000;
  });
  return all.slice(3);
}
