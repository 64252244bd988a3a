import type { Facts } from './facts.ts';
import type { Guess } from './guess.ts';

/** The hosts of Ingresses. Only a person knows which page needs no login, and whether the way back in is open from inside. */
export function guessProbes({ ingresses }: Facts): readonly Guess[] {
  const guesses = ingresses.flatMap(({ metadata, spec }) =>
    (spec?.rules ?? []).flatMap(({ host }): Guess[] => {
      if (host === undefined || host.startsWith('*')) return [];
      const secured = (spec?.tls ?? []).some(({ hosts }) => hosts?.includes(host) === true);
      const why = `A host of the Ingress ${metadata.name}; a blackbox exporter is installed to ask for it. Name a page without login.`;
      return [{ value: { name: host, url: `${secured ? 'https' : 'http'}://${host}/` }, why, sure: false }];
    }),
  );
  return [...new Map(guesses.map((guess) => [guess.value['name'], guess])).values()];
}
