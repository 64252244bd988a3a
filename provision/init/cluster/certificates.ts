import type { Facts, Ingress } from './facts.ts';
import type { Guess } from './guess.ts';

export interface CertificateGuesses {
  readonly secrets: readonly Guess[];
  readonly certManager: readonly Guess[];
  readonly endpoints: readonly Guess[];
}

/**
 * The TLS Secrets that Ingresses and cert-manager name, and the hosts of Ingresses with TLS. They are not compared with each
 * other: a proxy in front may serve another certificate by design.
 */
export function guessCertificates({ ingresses, certificates }: Facts): CertificateGuesses {
  const ofIngress = ingresses.flatMap(({ metadata, spec }) =>
    (spec?.tls ?? []).flatMap(({ secretName }) =>
      secretName === undefined ? [] : [secret(secretName, `The Ingress ${metadata.name} uses it.`)],
    ),
  );
  const managed = certificates.map(({ metadata }): Guess => {
    const why = `The Certificate ${metadata.name}: whether cert-manager issues it and renews it in time.`;
    return { value: { name: `${metadata.name}-certificate`, certificate: metadata.name }, why, sure: true };
  });
  const ofManager = certificates.flatMap(({ metadata, spec }) =>
    spec?.secretName === undefined
      ? []
      : [secret(spec.secretName, `cert-manager keeps the Certificate ${metadata.name} in it.`)],
  );
  return {
    secrets: distinct([...ofIngress, ...ofManager]),
    certManager: managed,
    endpoints: distinct(ingresses.flatMap((ingress) => hosts(ingress).map((host) => endpoint(host, ingress)))),
  };
}

function secret(name: string, why: string): Guess {
  return { value: { name, secret: name }, why, sure: true };
}

function endpoint(host: string, { metadata }: Ingress): Guess {
  return {
    value: { name: host, address: `${host}:443` },
    why: `A host of the Ingress ${metadata.name}, asked from within the cluster.`,
    sure: true,
  };
}

function hosts({ spec }: Ingress): readonly string[] {
  const secured = (spec?.tls ?? []).flatMap(({ hosts: names }) => names ?? []);
  return secured.filter((host) => !host.startsWith('*'));
}

function distinct(guesses: readonly Guess[]): readonly Guess[] {
  return [...new Map(guesses.map((guess) => [guess.value['name'], guess])).values()];
}
