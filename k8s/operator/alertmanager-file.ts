/** `alertmanager.yml` as `notifications/` writes it. Format: Alertmanager documentation, "Configuration". */
export interface AlertmanagerFile {
  readonly route: Route;
  readonly inhibit_rules: readonly {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal: readonly string[];
  }[];
  readonly receivers: readonly Receiver[];
}

export interface Route {
  readonly receiver: string;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
}

export interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly Settings[];
  readonly slack_configs?: readonly Settings[];
  readonly webhook_configs?: readonly Settings[];
}

/** Of one way to tell people. */
export type Settings = Readonly<Record<string, unknown>>;
