/**
 * One change of the demonstration's world, as data: all operations of an incident stand in its journal before the first one is
 * done, so that a process killed at any point leaves enough to undo them.
 */
export type Operation =
  | Replace
  | { readonly kind: 'fill'; readonly path: string; readonly bytes: number }
  | Reissue
  | { readonly kind: 'request-backup'; readonly requestFile: string }
  | ReplaceEmptyBackups;

/** Gives a file another content. */
export interface Replace {
  readonly kind: 'replace';
  readonly path: string;
  readonly content: string;
  /** Whether the file was there when this was planned. */
  readonly existed: boolean;
}

/** Lets the authority issue a certificate anew. */
export interface Reissue {
  readonly kind: 'reissue';
  readonly directory: string;
  readonly name: string;
  readonly dnsNames: readonly string[];
  readonly days: number;
}

/** Does nothing at first; undone, it deletes the empty artifacts that came since and asks for a good one. */
export interface ReplaceEmptyBackups {
  readonly kind: 'replace-empty-backups';
  readonly directory: string;
  readonly requestFile: string;
  /** Names that were there when this was planned. */
  readonly before: readonly string[];
}

/** What one kind of operation does. Who calls it has made sure that every path lies in the demonstration (`contained`). */
export interface Procedure<Kind extends Operation['kind']> {
  /** Every path that it writes, moves or deletes. */
  readonly touches: (operation: Extract<Operation, { kind: Kind }>) => readonly string[];
  /** @param stash the operation's own folder for what it keeps. */
  readonly apply: (operation: Extract<Operation, { kind: Kind }>, stash: string) => void;
  /** May be called again and again, after a kill at any point of itself or of `apply`, and ends in the same state. */
  readonly revert: (operation: Extract<Operation, { kind: Kind }>, stash: string) => void;
}
