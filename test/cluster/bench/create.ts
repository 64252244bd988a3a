import { Agent, request } from 'node:https';
import { inject } from 'vitest';
import { kubectlJson } from '../support/kubectl.ts';

/** Creates objects with many requests at once: kubectl waits between its own. */
export async function createMany(path: string, objects: readonly object[]): Promise<void> {
  const post = poster(path);
  const waiting = objects.values();
  const worker = async () => {
    for (const object of waiting) await post(object);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function poster(path: string): (object: object) => Promise<void> {
  const { server, ca, cert, key } = administrator();
  const agent = new Agent({ keepAlive: true, ca, cert, key });
  return (object) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${server}${path}`, { method: 'POST', agent, headers }, (response) => {
        response
          .resume()
          .on('end', () =>
            response.statusCode === 201 ? resolve() : reject(new Error(`POST ${path}: ${response.statusCode}`)),
          );
      });
      sent.on('error', reject).end(JSON.stringify(object));
    });
}

function administrator() {
  const context = `--context=${inject('cluster').context}`;
  const { clusters, users } = kubectlJson<KubeConfig>('config', 'view', '--raw', '--minify', context);
  const [{ cluster } = { cluster: undefined }] = clusters;
  const [{ user } = { user: undefined }] = users;
  if (cluster === undefined || user === undefined) throw new Error('the context names no cluster and user');
  const decoded = (text: string) => Buffer.from(text, 'base64');
  return {
    server: cluster.server,
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
}

interface KubeConfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly {
    readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string };
  }[];
}
