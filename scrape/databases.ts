import { databaseJob, type Stack } from '../stack/types.ts';

/** A job for each database: its exporter tells of it alone, and the label `database` says of which. */
export function databaseJobs({ databases, namespace }: Stack): readonly object[] {
  return databases.map(({ name, exporter }) => ({
    job_name: databaseJob(name),
    static_configs: [{ targets: [exporter], labels: { namespace, database: name } }],
  }));
}
