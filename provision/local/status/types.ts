import type { AlertPath } from '../../checks/watchdog.ts';
import type { Address, Incident, IncidentRun, PartState } from '../types.ts';

/** Everything that the start page and `lookout status` show at one moment. Times in milliseconds since the epoch. */
export interface LocalStatus {
  readonly stack: string;
  readonly timezone: string;
  readonly now: number;
  readonly startedAt: number;
  readonly state: string;
  readonly verdict: Verdict;
  /** What a person should know about this start: ports that were taken, processes that were left. */
  readonly notes: readonly string[];
  readonly parts: readonly PartState[];
  /** The process that supervises them and serves the page. */
  readonly supervisor: { readonly pid: number; readonly residentBytes: number };
  readonly alertPath: AlertPath;
  readonly alerts: readonly AlertView[];
  readonly targets: readonly TargetView[];
  readonly backups: readonly BackupView[];
  readonly volumes: readonly VolumeView[];
  readonly certificates: readonly CertificateView[];
  readonly silences: readonly SilenceView[];
  /** The latest first; null without an inbox. */
  readonly messages: readonly MessageView[] | null;
  readonly incidents: { readonly list: readonly Incident[]; readonly current: IncidentRun | null } | null;
  readonly addresses: readonly Address[];
  readonly credentials: readonly CredentialView[];
}

/** `good`: nothing to do; `busy`: starting or stopping; `warning`: look at it; `bad`: something is broken. */
export type Mood = 'good' | 'busy' | 'warning' | 'bad';

export interface Verdict {
  readonly mood: Mood;
  readonly sentence: string;
}

export interface AlertView {
  readonly name: string;
  readonly severity: string;
  readonly state: 'pending' | 'firing';
  readonly summary: string;
  readonly detail: string;
  readonly description: string;
  readonly action: string;
  readonly activeAt: number;
  /** Seconds for which the condition must hold. */
  readonly hold: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly runbook: string | null;
  readonly dashboard: string | null;
  /** Ids of the silences that keep it from being told. */
  readonly silencedBy: readonly string[];
  /** Another alert that fires explains it. */
  readonly inhibited: boolean;
}

export interface TargetView {
  readonly job: string;
  readonly address: string;
  readonly up: boolean;
  /** The error of the last scrape; null when there was none. */
  readonly error: string | null;
  readonly lastScrape: number;
}

/** `unknown`: no figures; `up`; `late`: due or soon over, no alert yet; `down`: an alert fires for it. */
export type ThingState = 'unknown' | 'up' | 'late' | 'down';

export interface BackupView {
  readonly name: string;
  readonly state: ThingState;
  /** Why it is not up. */
  readonly reason: string | null;
  readonly lastGood: number | null;
  readonly nextExpected: number | null;
  readonly artifacts: number | null;
  readonly sizeBytes: number | null;
  readonly directory: string;
}

export interface VolumeView {
  readonly name: string;
  readonly namespace: string;
  readonly state: ThingState;
  readonly reason: string | null;
  readonly usedBytes: number | null;
  /** What `usedBytes` is measured against: the declared size, else the file system. */
  readonly limitBytes: number | null;
  readonly measured: number | null;
  readonly directory: string;
}

export interface CertificateView {
  readonly name: string;
  readonly state: ThingState;
  readonly reason: string | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  /** A file's path or an endpoint's `host:port`. */
  readonly place: string;
}

export interface SilenceView {
  readonly id: string;
  /** As Alertmanager writes them: `alertname="BackupMissed"`. */
  readonly matchers: readonly string[];
  readonly who: string;
  readonly why: string;
  readonly from: number;
  readonly until: number;
  readonly state: 'active' | 'pending';
  /** Alerts that it hides now. */
  readonly hides: number;
}

export interface MessageView {
  readonly kind: 'mail' | 'slack';
  readonly title: string;
  readonly at: number;
  readonly url: string;
}

export interface CredentialView {
  readonly name: string;
  /** Where the value is found: a path or a variable; never the value. */
  readonly place: string;
}
