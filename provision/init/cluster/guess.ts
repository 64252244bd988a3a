/** An entry of an environment that was guessed, with what it rests on. */
export interface Guess {
  readonly value: Readonly<Record<string, unknown>>;
  readonly why: string;
  /** Not sure: it is written as a comment, with `<...>` where a person has to fill in. */
  readonly sure: boolean;
}
