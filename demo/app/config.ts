/** Configuration of the demonstration shop (JSON). Every path is absolute. */
export interface ShopConfig {
  /** The shop and its `/prometheus` by plain HTTP: what Prometheus scrapes and the visitor visits. Closed while the fault `down` is set. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The shop by TLS; opened as soon as both PEM files exist, which are read again when they change. Closed while `down` is set. */
  readonly https: { readonly host: string; readonly port: number; readonly certificate: string; readonly key: string };
  /** Answers nothing but `GET /healthz`, and does so while the shop is made to be down: for the supervisor, never for Prometheus. */
  readonly health: { readonly host: string; readonly port: number };
  /** One or two bearer tokens for `/prometheus`, one a line. */
  readonly tokenFile: string;
  /** SQLite database; made and filled when it does not exist. */
  readonly database: string;
  /** JSON of `Faults`; absent: none. Read again when it changes. */
  readonly faultsFile: string;
  /** Where uploaded pictures are kept. */
  readonly uploads: string;
  /** OTLP/HTTP address for traces, e.g. `http://127.0.0.1:4318/v1/traces`, and the share of requests traced; null: off. */
  readonly traces: { readonly endpoint: string; readonly ratio: number } | null;
}
