import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopFaults } from './faults.ts';
import { exposePool, type ShopMetrics } from './metrics.ts';
import { Pool } from './pool.ts';
import { prepareSchema } from './schema.ts';
import { inSpan } from './traces.ts';

export interface Database {
  /** Runs `work` as one transaction on a connection of the pool. `operation` names it in metrics and traces. */
  readonly query: <Result>(operation: string, work: (connection: DatabaseSync) => Result) => Promise<Result>;
  readonly close: () => void;
}

const connections = 4;
const patienceSeconds = 8;

/** Opens the pool on the SQLite file, which is made and filled when it does not exist. */
export function openDatabase(path: string, metrics: ShopMetrics, faults: () => ShopFaults): Database {
  const opened = Array.from({ length: connections }, () => connect(path));
  const pool = new Pool(opened, patienceSeconds, (seconds) => metrics.poolWait.observe(seconds));
  exposePool(metrics.registry, pool);
  return {
    query: (operation, work) =>
      inSpan(`database ${operation}`, { 'db.operation.name': operation }, () =>
        pool.use((connection) =>
          inSpan(`query ${operation}`, { 'db.system.name': 'sqlite', 'db.operation.name': operation }, async () => {
            const end = metrics.queryDuration.startTimer({ operation });
            try {
              const { queryDelay } = faults();
              if (queryDelay > 0) await sleep(queryDelay * 1000);
              return transaction(connection, work);
            } finally {
              end();
            }
          }),
        ),
      ),
    close: () => {
      for (const connection of opened) connection.close();
    },
  };
}

/** Write-ahead logging, so that the backup job reads a consistent state while the shop writes. */
function connect(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, { timeout: 2000 });
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
  transaction(connection, prepareSchema);
  return connection;
}

function transaction<Result>(connection: DatabaseSync, work: (connection: DatabaseSync) => Result): Result {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work(connection);
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
