import type { Context, Rendered } from '../component.ts';

/** Objects of one purpose that operators read. One file each, one line each in `index.ts`. */
export interface OperatorSource {
  /** `app.kubernetes.io/component` of its objects. */
  readonly name: string;
  readonly render: (context: Context) => Rendered;
}
