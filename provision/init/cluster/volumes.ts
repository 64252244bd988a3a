import type { Claim, Facts } from './facts.ts';
import type { Guess } from './guess.ts';

/** Every claim of the namespace. */
export function guessVolumes({ claims }: Facts): readonly Guess[] {
  return claims.map(({ metadata, spec }: Claim) => {
    const { storageClassName = 'none', resources } = spec ?? {};
    const size = resources?.requests?.['storage'];
    return {
      value: { name: metadata.name, claim: metadata.name, ...(size === undefined ? {} : { size }) },
      why: `The claim ${metadata.name}, of the class ${storageClassName}.`,
      sure: true,
    };
  });
}
