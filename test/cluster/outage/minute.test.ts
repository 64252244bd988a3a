import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../../exporter/support/exporter.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { openssl } from '../../exporter/support/openssl.ts';
import { type ExpositionSample, parseExposition } from '../../support/exposition.ts';
import { serviceAccount } from '../support/access.ts';
import { installExporter, startPod, token, valueIn } from '../support/exporter.ts';
import { followedSecrets } from '../support/followed.ts';
import { kubectl, kubectlJson, onOwnNode, temporaryNamespace } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { withoutApi } from '../support/outage.ts';
import { shownIn, tlsSecrets } from '../support/tls-secrets.ts';

const [shop, home] = [temporaryNamespace(), temporaryNamespace()];
const name = 'lookout-exporter-api';
const { secret, existing } = tlsSecrets(shop);
const other = temporaryNamespace();
const following = followedSecrets(other);

/** Asked past the API server, at the pod's own address. */
function exporter(): () => readonly ExpositionSample[] {
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }];
  serviceAccount({ namespace: home, name }, [{ namespace: shop, rules }]);
  installExporter(home);
  startPod({
    namespace: home,
    name,
    role: { serviceAccount: name },
    config: { certificateDiscovery: { namespaces: [shop] } },
  });
  const { status } = kubectlJson<{ status: { podIP: string } }>('get', 'pod', name, `--namespace=${home}`);
  const bearer = `Authorization: Bearer ${token}`;
  const url = `http://${status.podIP}:9090/prometheus`;
  return () => parseExposition(node('exec', 'curl', '--silent', '--fail', '--header', bearer, url));
}

onOwnNode('without the API server for a minute', () => {
  test('an exporter and who follows Secrets go on with what they know, say so, and catch up', {
    timeout: 400_000,
  }, async () => {
    const scrape = exporter();
    const issued = openssl(temporaryFolder()).selfSigned({ name: 'x', names: 'DNS:shop.test', to: '20290101000000Z' });
    secret(['before-the-outage'], issued);
    following.put(['gone', 'stays'], 'first');
    const { secrets, followed } = following;
    const all = followed('all', secrets, { longest: 5 });
    const one = followed('one', { ...secrets, name: 'one' }, { longest: 5 });
    const up = () => valueIn(scrape())('lookout_source_up', { source: `TLS Secrets in ${shop}` });
    const complete = () => up() === 1 && String(shownIn(scrape())) === String(existing());
    await until(() => all.current() && one.current() && complete());
    const [known, shown] = [all.content(), shownIn(scrape())];
    await withoutApi(async () => {
      await until(() => !all.current() && !one.current() && up() === 0);
      await sleep(60_000);
      expect(all.content()).toEqual(known);
      expect(all.problems.at(-1)?.reason).toMatch(/connection_re(fused|set)/);
      expect(shownIn(scrape())).toEqual(shown);
      expect(valueIn(scrape())('lookout_collector_success', { collector: 'certificates' })).toBe(0);
    });
    kubectl(['delete', 'secret', 'before-the-outage', `--namespace=${shop}`]);
    secret(['after-the-outage'], issued);
    kubectl(['delete', 'secret', 'gone', `--namespace=${other}`]);
    following.put(['stays', 'one'], 'second');
    await until(() => all.current() && one.current() && one.content().length === 1 && complete());
    await until(() => String(all.content()) === String(following.existing()));
    expect(all.content()).toContain('stays=second');
  });
});

onOwnNode('when the API server hangs', () => {
  test('the silence is noticed, and following goes on when it goes on', async () => {
    following.put(['hung'], 'first');
    const seen = following.followed('all', following.secrets, { watch: 5, silence: 3, longest: 2 }, 5);
    await until(() => seen.current());
    node('signal', 'kube-apiserver', 'STOP');
    try {
      await until(() => !seen.current());
    } finally {
      node('signal', 'kube-apiserver', 'CONT');
    }
    expect(seen.problems[0]?.reason).toBe('timeout');
    following.put(['hung'], 'second');
    await until(() => seen.current() && seen.content().includes('hung=second'));
  });
});
