import { defaults } from './defaults.ts';
import type { Locate } from './placement.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { CertificateEndpoint, CertificateFile, Certificates } from './types.ts';

type Section = NonNullable<Declared['certificates']>;
type Item<Key extends 'files' | 'endpoints'> = NonNullable<Section[Key]>[number];

export function resolveCertificates(section: Section = {}, namespace: string, locate: Locate): Certificates {
  const { files = [], secrets = [], discover, certManager = [], endpoints = [] } = section;
  return {
    files: files.map((file) => resolveFile(file, locate)),
    secrets: secrets.map(({ name, secret, ...at }) => ({ name, namespace: at.namespace ?? namespace, secret })),
    discover: discover === undefined ? null : { namespaces: discover === 'everywhere' ? [] : [namespace] },
    certManager: certManager.map(({ name, certificate, ...at }) => ({
      name,
      namespace: at.namespace ?? namespace,
      certificate,
    })),
    endpoints: endpoints.map((endpoint) => resolveEndpoint(endpoint, locate)),
  };
}

function resolveFile({ name, path, claim, password }: Item<'files'>, locate: Locate): CertificateFile {
  return {
    name,
    path: locate({ path, claim }),
    claim: claim ?? null,
    password: password === undefined ? null : secretNames.certificate(name),
  };
}

function resolveEndpoint(endpoint: Item<'endpoints'>, locate: Locate): CertificateEndpoint {
  const { host, port } = endpoint.address;
  return {
    name: endpoint.name,
    host,
    port: port ?? defaults.endpoint.port,
    serverName: endpoint.serverName ?? host,
    authority: endpoint.authority === undefined ? null : locate({ path: endpoint.authority }),
    expects: endpoint.expects ?? null,
    timeout: endpoint.timeout ?? defaults.endpoint.timeout,
    starttls: endpoint.starttls ?? null,
  };
}
