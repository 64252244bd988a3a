import { database } from '../vocabulary.ts';
import { answering, type DatabaseConvention, ofDatabase } from './convention.ts';

/**
 * Redis with redis_exporter. How many clients there may be is `redis_max_clients`; versions as old as 1.45, from which
 * the fixture was recorded, call it `redis_config_maxclients`. A Redis that evicts is meant to be full; one with the policy `noeviction` refuses new data then.
 */
export const redis: DatabaseConvention = (series) => {
  const { select, window } = series;
  const rate = (counter: string) => ofDatabase('sum', `rate(${select(counter)}[${window}])`);
  const largest = (metric: string) => ofDatabase('max', select(metric));
  const smallest = (metric: string) => ofDatabase('min', select(metric));
  const [hits, misses] = [rate('redis_keyspace_hits_total'), rate('redis_keyspace_misses_total')];
  const refuses = select('redis_instance_info', 'maxmemory_policy="noeviction"');
  return [
    { record: database.up, expr: answering(series, 'redis_up') },
    { record: database.connections, expr: ofDatabase('sum', select('redis_connected_clients')) },
    {
      record: database.connectionsLimit,
      expr: `${largest('redis_max_clients')} or ${largest('redis_config_maxclients')}`,
    },
    {
      record: database.connectionsUsed,
      expr: `${select(database.connections)} / ${select(database.connectionsLimit)}`,
    },
    { record: database.operationRate, expr: rate('redis_commands_processed_total') },
    { record: database.cacheHitRatio, expr: `${hits} / (${hits} + ${misses} > 0)` },
    { record: database.size, expr: ofDatabase('sum', select('redis_memory_used_bytes')) },
    { record: database.replicationLag, expr: largest('redis_connected_slave_lag_seconds') },
    {
      record: database.memoryUsed,
      expr: `${largest('redis_memory_used_bytes')} / (${largest('redis_memory_max_bytes')} > 0) and on (namespace, database) ${refuses}`,
    },
    {
      record: database.persistenceOk,
      expr: ['redis_rdb_last_bgsave_status', 'redis_aof_last_write_status', 'redis_aof_last_bgrewrite_status']
        .map(smallest)
        .join(' * '),
    },
  ];
};
