import type { Stack } from '../../stack/types.ts';
import type { LocalPaths } from './paths.ts';

/** One process of the local platform as data. Parts start in the order of their list and stop in the reverse one. */
export interface PartSpec {
  /** One word: names its log, configuration and data directories. */
  readonly name: string;
  /** For people: `Prometheus`, `Demonstration application`. */
  readonly title: string;
  /** Program and arguments; never a secret among them. */
  readonly command: readonly [string, ...string[]];
  /** Added to the supervisor's environment; never a secret among it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Opens an IPC channel, whose end tells a Node part that its supervisor is gone. */
  readonly ipc: boolean;
  /** Names of the parts that must be healthy before it is started the first time. */
  readonly after: readonly string[];
  readonly probe: Probe;
  /** Seconds from its start until a part that is not ready counts as degraded. */
  readonly deadline: number;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly patience: number;
  readonly addresses: readonly Address[];
}

/** Fulfilled when the part does its work; otherwise rejected with an error whose message is the reason for people. */
export type Probe = (signal: AbortSignal) => Promise<void>;

export interface Address {
  /** What one finds there: `web`, `SMTP`, `metrics`. */
  readonly title: string;
  /** A URL for what a browser opens, else `host:port`. */
  readonly address: string;
}

export type PartPhase = 'waiting' | 'starting' | 'healthy' | 'degraded' | 'restarting' | 'stopping' | 'stopped';

/** What is known of a part at one moment. Times in milliseconds since the epoch. */
export interface PartState {
  readonly name: string;
  readonly title: string;
  readonly phase: PartPhase;
  /** The phase in words: `waiting for prometheus`, `restarting (2nd, exit 1, in 4 s)`, `degraded: no answer after 10 s`. */
  readonly state: string;
  /** Beside everything that is not well: exit code or signal and the last error line of its log. */
  readonly reason: string | null;
  readonly pid: number | null;
  /** When the running process was started. */
  readonly since: number | null;
  /** When it first became healthy after its last start. */
  readonly healthyAt: number | null;
  readonly restarts: number;
  /** How the last process ended, until the next start of the whole stack: a restart stays visible. */
  readonly lastExit: { readonly at: number; readonly reason: string } | null;
  /** Resident memory; null when there is no process or the system does not tell. */
  readonly residentBytes: number | null;
  readonly addresses: readonly Address[];
}

/** Identity of a process that outlives the reuse of its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start, field 22 of `/proc/<pid>/stat`; null where there is no /proc. */
  readonly startTicks: string | null;
  /** `/proc/sys/kernel/random/boot_id`; null where there is none. */
  readonly boot: string | null;
}

/** Asks one part over HTTP: `path` below its address, its credentials added. Rejects when it does not answer at all. */
export type PartClient = (path: string, init?: RequestInit) => Promise<Response>;

/** The parts that answer HTTP; one that the stack does not have is null. */
export interface PartClients {
  readonly prometheus: PartClient;
  readonly alertmanager: PartClient;
  readonly exporter: PartClient;
  readonly inbox: PartClient | null;
  readonly app: PartClient | null;
  readonly jobs: PartClient | null;
}

/** An incident of the demonstration, as the command and the start page offer it. */
export interface Incident {
  /** As in `lookout incident <name>`. */
  readonly name: string;
  readonly title: string;
  /** What will be done to the demonstration, one sentence. */
  readonly what: string;
  /** Alerts that will fire; the first one is the incident's own. */
  readonly alerts: readonly string[];
  /** Which messages arrive where, one sentence. */
  readonly messages: string;
  /** Estimated seconds from the start to the last message. */
  readonly seconds: number;
  /** What clearing does, one sentence. */
  readonly undo: string;
}

export type ChainStep =
  | 'changed'
  | 'seen'
  | 'pending'
  | 'firing'
  | 'grouped'
  | 'mail'
  | 'slack'
  | 'cleared'
  | 'recovered'
  | 'inactive'
  | 'mail-resolved'
  | 'slack-resolved';

/** One link from the change to the message, with its true time. Times in milliseconds since the epoch. */
export interface ChainLink {
  readonly step: ChainStep;
  /** For people: `seen by the exporter`. */
  readonly title: string;
  /** `stuck`: not done at twice its estimate. */
  readonly state: 'waiting' | 'active' | 'done' | 'stuck';
  readonly at: number | null;
  /** When it should be done, from what is known so far. */
  readonly expectedAt: number;
  /** `12 of 20 s`, the subject of the mail, or where it stuck and where to look. */
  readonly detail: string | null;
  readonly url: string | null;
}

export interface IncidentRun {
  readonly incident: string;
  readonly startedAt: number;
  readonly clearedAt: number | null;
  /** `over`: everything that clearing brings has happened. */
  readonly phase: 'running' | 'clearing' | 'over';
  readonly chain: readonly ChainLink[];
}

/** Implemented by `demo/incidents`, driven by the start page and, through it, by the command. */
export interface Incidents {
  readonly list: readonly Incident[];
  /** The running incident, else the last one, else null; observed anew at each call, so it may be polled each second. */
  readonly current: () => Promise<IncidentRun | null>;
  /** Rejects with a UserError while another one runs or for an unknown name. */
  readonly start: (name: string) => Promise<IncidentRun>;
  /** Puts everything back; without a running incident it only makes sure. */
  readonly clear: () => Promise<IncidentRun | null>;
}

/** What `demo/incidents` exports as `createIncidents`. */
export type CreateIncidents = (context: IncidentContext) => Incidents;

export interface IncidentContext {
  readonly stack: Stack;
  readonly paths: LocalPaths;
  readonly clients: PartClients;
  /** Base URL of the start page, for links to runbooks. */
  readonly page: string;
  readonly now: () => number;
}
