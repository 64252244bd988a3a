import type { CertificateEndpointSource, CertificateFileSource } from '../../config.ts';
import { chainPositions, certificateMetrics as metrics } from '../../metrics/certificate.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector, Source } from '../collector.ts';
import { endpointReading, type TrustStores } from './endpoint.ts';
import type { CertificateFacts, ChainPosition } from './facts.ts';
import type { CertificateReading } from './reading.ts';
import type { CertificateRequest } from './task.ts';

export type DeclaredCertificate =
  | { readonly kind: 'file'; readonly file: CertificateFileSource }
  | { readonly kind: 'endpoint'; readonly endpoint: CertificateEndpointSource }
  /** A file of authorities that an endpoint is verified with; it has no series of its own but whether it can be read. */
  | { readonly kind: 'authority'; readonly name: string };

type CertificateSource = Source<DeclaredCertificate, CertificateReading>;
type Known = { readonly declared: DeclaredCertificate; readonly state: State<CertificateReading> };

/** Until when declared certificates are valid, as stored and as served. */
export const certificates: Collector<DeclaredCertificate, CertificateReading> = {
  name: 'certificates',
  families: Object.values(metrics),
  sources: ({ certificateFiles, certificateEndpoints }) => {
    const stores: TrustStores = new Map();
    return [
      ...certificateFiles.map(fileSource),
      ...certificateEndpoints.flatMap((each) => endpointSources(each, stores)),
    ];
  },
  samples: (declared, state) => {
    if (declared.kind === 'file') return chainSamples(declared.file.name, 'file', state);
    return declared.kind === 'endpoint' ? endpointSamples(declared.endpoint, state) : [];
  },
  explain: (known) => (known.kind === 'served' ? known : { chain: known.chain }),
  overview: comparisons,
};

function fileSource(file: CertificateFileSource): CertificateSource {
  return { name: file.name, declared: { kind: 'file', file }, read: reading(file.path, false) };
}

function endpointSources(endpoint: CertificateEndpointSource, stores: TrustStores): readonly CertificateSource[] {
  const { name, authority } = endpoint;
  const authorityName = authority === null ? null : `${name}/authority`;
  const read = endpointReading(endpoint, authorityName, stores);
  const source: CertificateSource = { name, declared: { kind: 'endpoint', endpoint }, read };
  if (authority === null || authorityName === null) return [source];
  const declared = { kind: 'authority', name: authorityName } as const;
  return [{ name: authorityName, declared, read: reading(authority, true) }, source];
}

function reading(path: string, authority: boolean) {
  const request: CertificateRequest = { path, authority };
  return { kind: 'file', task: 'certificate', request, path } as const;
}

function* endpointSamples({ name }: CertificateEndpointSource, state: State<CertificateReading>): Generator<Sample> {
  const { reading: served, problem } = state;
  const answers = problem === null && served?.kind === 'served';
  yield sample(metrics.handshake, { certificate: name }, answers ? 1 : 0);
  yield sample(metrics.trusted, { certificate: name }, answers && served.distrust === null ? 1 : 0);
  yield* chainSamples(name, 'endpoint', state);
}

/** The leaf always, its times 0 when they were never known; other positions as they are there. */
function* chainSamples(name: string, source: string, state: State<CertificateReading>): Generator<Sample> {
  const earliest = earliestByPosition(state.reading?.chain ?? []);
  for (const position of chainPositions) {
    const labels = { certificate: name, source, chain_position: position };
    const facts = earliest.get(position);
    if (facts === undefined && position !== 'leaf') continue;
    yield sample(metrics.notAfter, labels, facts?.notAfter ?? 0);
    yield sample(metrics.notBefore, labels, facts?.notBefore ?? 0);
    if (facts !== undefined) yield sample(metrics.info, { ...labels, ...identity(facts) }, 1);
  }
}

function identity({ subject, issuer, serial, fingerprint, dnsNames }: CertificateFacts) {
  return { subject, issuer, serial, fingerprint, dns_names: dnsNames.join(',') };
}

function earliestByPosition(chain: readonly CertificateFacts[]): ReadonlyMap<ChainPosition, CertificateFacts> {
  const sorted = chain.toSorted((a, b) => b.notAfter - a.notAfter);
  return new Map(sorted.map((facts) => [facts.position, facts]));
}

/** Each endpoint that answers now, against the stored certificate that it is declared to serve. */
function* comparisons(all: readonly Known[]): Generator<Sample> {
  const files = all.flatMap(({ declared, state }) =>
    declared.kind === 'file' ? [[declared.file.name, state.reading?.chain] as const] : [],
  );
  const stored = new Map(files);
  for (const { declared, state } of all) {
    if (declared.kind !== 'endpoint' || declared.endpoint.expects === null || state.problem !== null) continue;
    const { name, expects } = declared.endpoint;
    const served = state.reading?.chain[0]?.fingerprint;
    const matches = stored.get(expects)?.some(({ fingerprint }) => fingerprint === served);
    if (matches !== undefined) {
      yield sample(metrics.servedMatchesStored, { certificate: name, stored: expects }, matches ? 1 : 0);
    }
  }
}
