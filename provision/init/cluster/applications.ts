import type { Facts, Service } from './facts.ts';
import type { Guess } from './guess.ts';

/** Services that say that they are scraped, by annotation or by the name of a port; of the others a note at most. */
export function guessApplications({ services }: Facts): readonly Guess[] {
  return services.flatMap((service) => annotated(service) ?? named(service) ?? []);
}

/** Source: the relabelling of prometheus-community/prometheus, `prometheus.io/scrape`, `port` and `path`. */
function annotated({ metadata, spec }: Service): Guess | undefined {
  const note = (key: string): string | undefined => metadata.annotations?.[`prometheus.io/${key}`];
  if (note('scrape') !== 'true') return undefined;
  const port = note('port') ?? spec?.ports?.[0]?.port;
  return application(metadata.name, port, note('path') ?? '/metrics', 'is annotated with prometheus.io/scrape');
}

function named({ metadata, spec }: Service): Guess | undefined {
  const port = spec?.ports?.find(({ name = '' }) => /metrics|prometheus/.test(name));
  if (port === undefined) return undefined;
  return application(metadata.name, port.port, '/metrics', `has a port named ${port.name}`);
}

function application(name: string, port: number | string | undefined, path: string, why: string): Guess {
  return {
    value: { name, metrics: { address: `${name}:${port ?? '<port>'}`, path } },
    why: `The Service ${name} ${why}. Add token: { secret: <name>, key: <key> } when it asks for one.`,
    sure: port !== undefined,
  };
}
