import { database } from '../vocabulary.ts';
import { answering, type DatabaseConvention, ofDatabase } from './convention.ts';

/**
 * PostgreSQL with postgres_exporter, whose user has the role `pg_monitor`. The metrics have the same names from 0.11, from which
 * the fixture was recorded, to 0.20, but those of a replica, which came with 0.13. The last connections are kept for superusers:
 * the others are refused before them.
 */
export const postgres: DatabaseConvention = (series) => {
  const { select, window } = series;
  const rate = (counter: string) => ofDatabase('sum', `rate(${select(counter)}[${window}])`);
  const largest = (metric: string, matchers?: string) => ofDatabase('max', select(metric, matchers));
  const [hits, reads] = [rate('pg_stat_database_blks_hit'), rate('pg_stat_database_blks_read')];
  const rolledBack = rate('pg_stat_database_xact_rollback');
  return [
    { record: database.up, expr: answering(series, 'pg_up') },
    { record: database.connections, expr: ofDatabase('sum', select('pg_stat_activity_count')) },
    {
      record: database.connectionsLimit,
      expr: `${largest('pg_settings_max_connections')} - ${largest('pg_settings_superuser_reserved_connections')}`,
    },
    {
      record: database.connectionsUsed,
      expr: `${select(database.connections)} / ${select(database.connectionsLimit)}`,
    },
    { record: database.operationRate, expr: `${rate('pg_stat_database_xact_commit')} + ${rolledBack}` },
    { record: database.rollbackRatio, expr: `${rolledBack} / (${select(database.operationRate)} > 0)` },
    { record: database.cacheHitRatio, expr: `${hits} / (${hits} + ${reads} > 0)` },
    { record: database.size, expr: ofDatabase('sum', select('pg_database_size_bytes')) },
    {
      record: database.replicationLag,
      expr: `${largest('pg_replication_lag_seconds')} and on (namespace, database) ${select('pg_replication_is_replica')} == 1`,
    },
    {
      record: database.deadlocks,
      expr: ofDatabase('sum', `increase(${select('pg_stat_database_deadlocks')}[${window}])`),
    },
    {
      record: database.idleTransaction,
      expr: largest('pg_stat_activity_max_tx_duration', 'state=~"idle in transaction.*"'),
    },
  ];
};
