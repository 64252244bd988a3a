/** What the rooms that make alerts tell this one, which may not import them. */
export interface AlertFacts {
  /** Names of the labels that name alerting objects (annotation `object`); alerts that differ in one are told apart. */
  readonly objects: readonly string[];
  readonly inhibitions: readonly Inhibition[];
}

/** While one of the alerts `causes` fires, the `effects` that agree with it in the labels `equal` are not told. */
export interface Inhibition {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
  readonly equal: readonly string[];
}

/** The alert that always fires; it feeds the heartbeat and is never told to a person. */
export const watchdog = 'Watchdog';

/**
 * Label of an alert that is only a test; its value is the nonce by which the sender finds the message again. Such alerts are
 * marked `[TEST]`, grouped and inhibited among themselves.
 */
export const testLabel = 'lookout_test';
