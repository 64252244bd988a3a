import { follow } from '../../kubernetes/follow.ts';
import { failed, problemOf } from '../../model/failure.ts';
import type { Outcome, Problem } from '../../model/reading.ts';
import { chainSamples } from '../certificates/chain.ts';
import type { DiscoveryReading, StoredReading } from '../certificates/reading.ts';
import type { FollowContext, FollowedReading } from '../collector.ts';
import { readSecret, type Secret } from './secret.ts';

/** Secrets whose problems are told one by one. */
const told = 5;

/**
 * Follows every TLS Secret of a namespace, or of all when it is null, but for those of `declared` (`namespace/name`). Each is
 * a certificate of that name, shown when it changes and not kept. `managed`: Certificates that are declared themselves.
 */
export function discovery(
  namespace: string | null,
  declared: ReadonlySet<string>,
  managed: ReadonlySet<string>,
): FollowedReading<DiscoveryReading> {
  const fieldSelector = 'type=kubernetes.io/tls';
  const resource = { api: '/api/v1', resource: 'secrets', namespace, name: null, fieldSelector };
  return {
    kind: 'followed',
    follow: async (context) => {
      const found = new Findings(context, managed);
      const follower = {
        upsert: (key: string, secret: Secret) => {
          if (!declared.has(key)) found.add(key, secret);
        },
        remove: (key: string) => found.remove(key),
        current: () => found.tell(),
        failed: (error: Error) => context.tell(failed(problemOf(error, 'follow TLS Secrets'))),
      };
      await follow<Secret>(context.kubernetes.api, resource, follower, context.signal);
    },
  };
}

class Findings {
  readonly #context: FollowContext<DiscoveryReading>;
  readonly #managed: ReadonlySet<string>;
  readonly #shown = new Set<string>();
  readonly #problems = new Map<string, Problem>();
  #current = false;

  constructor(context: FollowContext<DiscoveryReading>, managed: ReadonlySet<string>) {
    this.#context = context;
    this.#managed = managed;
  }

  add(key: string, secret: Secret): void {
    const { reading, problem } = attempt(key, secret, this.#managed);
    this.#context.show(key, reading === null ? [] : chainSamples(key, 'secret', reading.chain, reading.renewer));
    if (reading === null) this.#shown.delete(key);
    else this.#shown.add(key);
    this.#note(key, problem);
  }

  remove(key: string): void {
    this.#context.show(key, []);
    this.#shown.delete(key);
    this.#note(key, null);
  }

  tell(): void {
    this.#current = true;
    const problems = [...this.#problems.values()];
    const [first] = problems;
    const messages = problems.slice(0, told).map(({ message }) => message);
    const more = problems.length > told ? [`and ${problems.length - told} more`] : [];
    this.#context.tell({
      reading: {
        kind: 'discovered',
        chain: [],
        secrets: this.#shown.size,
        unreadable: problems.map(({ message }) => message),
      },
      problem: first === undefined ? null : { reason: first.reason, message: [...messages, ...more].join('; ') },
    });
  }

  /** Tells when the problems have changed; how many there are is told from time to time anyway. */
  #note(key: string, problem: Problem | null): void {
    const before = this.#problems.get(key);
    if (problem === null) this.#problems.delete(key);
    else this.#problems.set(key, problem);
    if (this.#current && before?.message !== problem?.message) this.tell();
  }
}

/** Whatever is wrong with one Secret, the others are read. */
function attempt(key: string, secret: Secret, managed: ReadonlySet<string>): Outcome<StoredReading> {
  try {
    return readSecret(key, secret, managed);
  } catch (error) {
    return failed(problemOf(error, `read Secret ${key}`));
  }
}
