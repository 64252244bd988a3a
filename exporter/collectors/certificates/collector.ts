import type {
  CertificateEndpointSource,
  CertificateFileSource,
  CertificateSecretSource,
  CertManagerSource,
} from '../../config.ts';
import { certificateMetrics as metrics } from '../../metrics/certificate.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import { managedSamples } from '../certmanager/samples.ts';
import { certManagerSources } from '../certmanager/sources.ts';
import type { Collector, Source } from '../collector.ts';
import { secretSources } from '../secrets/sources.ts';
import { chainSamples } from './chain.ts';
import { endpointReading, type TrustStores } from './endpoint.ts';
import type { CertificateFacts } from './facts.ts';
import type { CertificateReading, StoredReading } from './reading.ts';
import { renewalTime } from './renewal.ts';
import type { CertificateRequest } from './task.ts';

export type DeclaredCertificate =
  | { readonly kind: 'file'; readonly file: CertificateFileSource }
  | { readonly kind: 'endpoint'; readonly endpoint: CertificateEndpointSource }
  | { readonly kind: 'secret'; readonly secret: CertificateSecretSource }
  /** A Certificate of cert-manager: what it says of issuing and renewing. */
  | { readonly kind: 'managed'; readonly managed: CertManagerSource }
  /** TLS Secrets of a namespace, or of all; their series are shown one by one. */
  | { readonly kind: 'discovery'; readonly namespace: string | null }
  /** A file of authorities that an endpoint is verified with; it has no series of its own but whether it can be read. */
  | { readonly kind: 'authority'; readonly name: string };

type CertificateSource = Source<DeclaredCertificate, CertificateReading>;
type Known = { readonly declared: DeclaredCertificate; readonly state: State<CertificateReading> };

/** Until when declared certificates are valid, as stored and as served. */
export const certificates: Collector<DeclaredCertificate, CertificateReading> = {
  name: 'certificates',
  families: Object.values(metrics),
  sources: (config) => {
    const stores: TrustStores = new Map();
    return [
      ...config.certificateFiles.map(fileSource),
      ...config.certificateEndpoints.flatMap((each) => endpointSources(each, stores)),
      ...secretSources(config),
      ...certManagerSources(config),
    ];
  },
  samples: (declared, state) => {
    if (declared.kind === 'file') return storedSamples(declared.file.name, 'file', state);
    if (declared.kind === 'secret') return storedSamples(declared.secret.name, 'secret', state);
    if (declared.kind === 'managed') return managedSamples(declared.managed, state);
    return declared.kind === 'endpoint' ? endpointSamples(declared.endpoint, state) : [];
  },
  explain: (known) => (known.kind === 'stored' ? { chain: known.chain, renewer: known.renewer } : known),
  overview: comparisons,
};

function fileSource(file: CertificateFileSource): CertificateSource {
  return { name: file.name, declared: { kind: 'file', file }, read: reading(file, false) };
}

function endpointSources(endpoint: CertificateEndpointSource, stores: TrustStores): readonly CertificateSource[] {
  const { name, authority } = endpoint;
  const authorityName = authority === null ? null : `${name}/authority`;
  const read = endpointReading(endpoint, authorityName, stores);
  const source: CertificateSource = { name, declared: { kind: 'endpoint', endpoint }, read };
  if (authority === null || authorityName === null) return [source];
  const declared = { kind: 'authority', name: authorityName } as const;
  return [{ name: authorityName, declared, read: reading({ path: authority }, true) }, source];
}

function reading({ path, passwordFile }: Pick<CertificateFileSource, 'path' | 'passwordFile'>, authority: boolean) {
  const request: CertificateRequest = { path, passwordFile: passwordFile ?? null, authority };
  return { kind: 'file', task: 'certificate', request, path } as const;
}

function storedSamples(name: string, source: string, { reading: stored }: State<CertificateReading>): Iterable<Sample> {
  return chainSamples(name, source, stored?.chain ?? [], stored?.kind === 'stored' ? stored.renewer : null);
}

function* endpointSamples({ name }: CertificateEndpointSource, state: State<CertificateReading>): Generator<Sample> {
  const { reading: served, problem } = state;
  const answers = problem === null && served?.kind === 'served';
  yield sample(metrics.handshake, { certificate: name }, answers ? 1 : 0);
  yield sample(metrics.trusted, { certificate: name }, answers && served.distrust === null ? 1 : 0);
  yield* chainSamples(name, 'endpoint', served?.chain ?? [], null);
}

/** Each endpoint that answers now, against the stored certificate that it is declared to serve, and is renewed with. */
function* comparisons(all: readonly Known[]): Generator<Sample> {
  const stored = new Map(all.map(({ declared, state }) => [storedName(declared), state.reading]));
  for (const { declared, state } of all) {
    if (declared.kind !== 'endpoint' || declared.endpoint.expects === null || state.problem !== null) continue;
    const expected = stored.get(declared.endpoint.expects);
    if (expected?.kind === 'stored') yield* comparison(declared.endpoint, state.reading?.chain[0], expected);
  }
}

function* comparison(
  { name, expects }: CertificateEndpointSource,
  served: CertificateFacts | undefined,
  { chain, renewer }: StoredReading,
): Generator<Sample> {
  const same = chain.find(({ fingerprint }) => fingerprint === served?.fingerprint);
  yield sample(metrics.servedMatchesStored, { certificate: name, stored: expects ?? '' }, same === undefined ? 0 : 1);
  if (same === undefined || renewer === null) return;
  const labels = { certificate: name, source: 'endpoint', chain_position: 'leaf' };
  yield sample(metrics.renewal, labels, renewalTime(renewer, same));
}

function storedName(declared: DeclaredCertificate): string | undefined {
  if (declared.kind === 'file') return declared.file.name;
  return declared.kind === 'secret' ? declared.secret.name : undefined;
}
