import { type Database, type DatabaseAccess, databaseEngines, databaseExporters } from '../stack/types.ts';
import type { BareObject, ComponentSource, Context } from './component.ts';
import { credentialsIn, program } from './database-programs.ts';
import { image } from './images.ts';
import { admit, podNames } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nameLabel, nobody, type PodWish, portOf, restrictedContainer, restrictedPod, selector } from './pod.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { deployment } from './stateless.ts';

/** An exporter for each database that has none yet. They ask nobody for credentials: only Prometheus gets through to them. */
export const databaseComponents: readonly ComponentSource[] = databaseEngines.map((engine) => ({
  name: podNames[databaseExporters[engine]],
  component: databaseExporters[engine],
  render: (context) => {
    const installed = context.stack.databases.flatMap((database) =>
      database.engine === engine && database.access !== null ? [{ ...database, access: database.access }] : [],
    );
    return {
      objects: installed.flatMap((database) => objects(context, database)),
      secrets: installed.flatMap(({ access }) => credentialsIn(access)),
    };
  },
}));

interface Installed extends Database {
  readonly access: DatabaseAccess;
}

function objects(context: Context, database: Installed): readonly BareObject[] {
  const name = serviceName(database.exporter);
  const pods = selector(context.stack, name);
  const found = service(database.exporter, pods);
  return [
    { ...found, metadata: { ...found.metadata, labels: { [nameLabel]: name } } },
    networkPolicy(name, pods, [admit(context, 'prometheus')]),
    deployment(name, podOf(context, database, pods), context.cluster),
  ];
}

function podOf(context: Context, database: Installed, labels: PodWish['labels']): PodWish {
  return {
    labels,
    security: restrictedPod(context.cluster, nobody),
    containers: [container(context, database)],
    volumes: [],
  };
}

/** It is ready as soon as it answers itself: whether its database does is told by its figures. */
function container({ stack, cluster }: Context, { engine, exporter, access }: Installed): object {
  const component = databaseExporters[engine];
  const { args, env, health } = program(engine, access, stack);
  const port = portOf(exporter);
  const answers = { httpGet: { path: health, port: 'http' } };
  return {
    name: podNames[component],
    image: image(component, stack, cluster),
    args: [`--web.listen-address=:${port}`, ...args],
    env,
    ports: [{ name: 'http', containerPort: port }],
    resources: resources(component),
    securityContext: restrictedContainer,
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: { ...answers, periodSeconds: 30 },
  };
}
