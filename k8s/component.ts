import type { ClusterSettings, Component, OutputFile, Stack } from '../stack/types.ts';
import type { MountedSecret } from './credentials.ts';

/** What a component's objects are made of. */
export interface Context {
  readonly stack: Stack;
  readonly cluster: ClusterSettings;
  /** The outputs of the rooms. */
  readonly files: readonly OutputFile[];
  /** The exporter as one JavaScript file; undefined: its ConfigMap is left out, and so is the checksum of its code. */
  readonly bundle: string | undefined;
}

/** Objects of one purpose. One file each, one line each in an `index.ts`. */
export interface ObjectSource {
  /** `app.kubernetes.io/component` of its objects, and the name of its file in a build. */
  readonly name: string;
  readonly render: (context: Context) => Rendered;
}

/** One thing that runs in the cluster. */
export interface ComponentSource extends ObjectSource {
  /** The key of the environment that decides whether it is installed. */
  readonly component: Component;
}

export interface Rendered {
  /** Without labels and namespace, which `finish` adds. */
  readonly objects: readonly BareObject[];
  /** What its pods mount of secrets. */
  readonly secrets: readonly MountedSecret[];
}

export interface BareObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: BareMeta;
  readonly [field: string]: unknown;
}

export interface BareMeta {
  readonly name: string;
  /** null: an object of the cluster. Absent: the namespace of the stack's objects. */
  readonly namespace?: string | null;
  /** Besides those that every object has. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The files of one folder of the outputs, with their paths below it. */
export function filesBelow(folder: string, files: readonly OutputFile[]): readonly OutputFile[] {
  return files
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .map(({ path, content }) => ({ path: path.slice(folder.length + 1), content }));
}
