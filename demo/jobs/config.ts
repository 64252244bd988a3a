/** Configuration of the jobs beside the demonstration shop (JSON): visitor, backup and certificate authority. Every path is absolute. */
export interface JobsConfig {
  /** Answers nothing but `GET /healthz`. */
  readonly health: { readonly host: string; readonly port: number };
  readonly visitor: {
    /** Base address of the shop, e.g. `http://127.0.0.1:19301`. */
    readonly shop: string;
    readonly requestsPerSecond: number;
  };
  readonly backup: BackupJobConfig;
  readonly authority: AuthorityConfig;
  /** JSON of `JobFaults`; absent: none. Read again before every run. */
  readonly faultsFile: string;
}

export interface BackupJobConfig {
  /** The shop's SQLite database; the job waits for it. */
  readonly database: string;
  readonly directory: string;
  /** While this file exists a run is wanted at once; the job deletes it. */
  readonly requestFile: string;
  /** Five-field cron expression. */
  readonly schedule: string;
  /** IANA zone of the schedule; the time in the artifact's name is UTC. */
  readonly timezone: string;
  /** Artifacts older than `age` seconds are deleted, the newest `floor` ones never. */
  readonly retention: { readonly age: number; readonly floor: number };
}

export interface AuthorityConfig {
  /** Gets `ca.pem`, `<name>.pem` and the private keys beside them (`.key`, 0600). */
  readonly directory: string;
  readonly certificates: readonly IssuedCertificate[];
}

export interface IssuedCertificate {
  /** File name without its ending, e.g. `shop-web`. */
  readonly name: string;
  readonly dnsNames: readonly string[];
  readonly lifetimeDays: number;
  /** Renewed when so few days are left. */
  readonly renewBeforeDays: number;
}
