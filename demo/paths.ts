import { join } from 'node:path';

/** Where the demonstration keeps its world; all below `<state>/demo`, the only place that an incident may change. */
export interface DemoPaths {
  readonly root: string;
  readonly database: string;
  readonly backups: string;
  /** Asks for a backup at once (`BackupJobConfig.requestFile`). */
  readonly backupRequest: string;
  readonly uploads: string;
  /** `ca.pem`, `shop-web.pem`, `shop-web.key` ... */
  readonly certificates: string;
  readonly certificate: (name: string) => { readonly certificate: string; readonly key: string };
  /** Faults of the shop (`ShopConfig.faultsFile`). */
  readonly shopFaults: string;
  /** Faults of the jobs (`JobsConfig.faultsFile`). */
  readonly jobFaults: string;
  /** The running incident: its record and what it has put aside. */
  readonly incident: string;
}

export function demoPaths(root: string): DemoPaths {
  const certificates = join(root, 'certificates');
  return {
    root,
    database: join(root, 'shop.sqlite'),
    backups: join(root, 'backups'),
    backupRequest: join(root, 'run-backup'),
    uploads: join(root, 'uploads'),
    certificates,
    certificate: (name) => ({
      certificate: join(certificates, `${name}.pem`),
      key: join(certificates, `${name}.key`),
    }),
    shopFaults: join(root, 'shop-faults.json'),
    jobFaults: join(root, 'job-faults.json'),
    incident: join(root, 'incident'),
  };
}
