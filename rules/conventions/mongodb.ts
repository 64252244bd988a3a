import { database } from '../vocabulary.ts';
import { answering, type DatabaseConvention, ofDatabase } from './convention.ts';

/**
 * MongoDB with Percona's mongodb_exporter and its collectors `diagnosticdata`, `dbstats` and, in compatible mode,
 * `replicasetstatus`, whose user has the roles `clusterMonitor` and, on `local`, `read`. Names from its source, its tests and
 * its issues (0.40 to 0.54); no recording of it is in this repository. The lag of a member that is not reachable is none.
 */
export const mongodb: DatabaseConvention = (series) => {
  const { select, window } = series;
  const rate = (counter: string) => ofDatabase('sum', `rate(${select(counter)}[${window}])`);
  const total = (metric: string, matchers?: string) => ofDatabase('sum', select(metric, matchers));
  const [read, asked] = ['pages_read_into_cache', 'pages_requested_from_the_cache'].map((pages) =>
    rate(`mongodb_ss_wt_cache_${pages}`),
  );
  return [
    { record: database.up, expr: answering(series, 'mongodb_up') },
    { record: database.connections, expr: total('mongodb_ss_connections', 'conn_type="current"') },
    { record: database.connectionsLimit, expr: total('mongodb_ss_connections', 'conn_type=~"current|available"') },
    {
      record: database.connectionsUsed,
      expr: `${select(database.connections)} / ${select(database.connectionsLimit)}`,
    },
    { record: database.operationRate, expr: rate('mongodb_ss_opcounters') },
    { record: database.cacheHitRatio, expr: `1 - ${read} / (${asked} > 0)` },
    { record: database.size, expr: `${total('mongodb_dbstats_storageSize')} + ${total('mongodb_dbstats_indexSize')}` },
    {
      record: database.replicationLag,
      expr: ofDatabase('max', select('mongodb_mongod_replset_member_replication_lag', 'state="SECONDARY"')),
    },
  ];
};
