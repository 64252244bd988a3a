import { join } from 'node:path';
import type { OpenedStack } from '../own/open.ts';
import { kubernetesFiles } from './kubernetes.ts';
import { buildOutputs, type LeftOut, leftOut } from './outputs.ts';
import { type Written, writeOutputs } from './write.ts';

export interface BuiltStack extends Written {
  readonly stack: string;
  readonly environment: string;
  readonly directory: string;
  readonly leftOut: readonly LeftOut[];
}

/** Which outputs are built, by the option `--only`. */
export const scopes: Readonly<Record<string, (path: string) => boolean>> = {
  dashboards: (path) => path.startsWith('grafana/'),
  rules: (path) => path.startsWith('prometheus/rules/'),
};

export interface BuildOptions {
  /** Which paths are built; absent: all. */
  readonly scope?: ((path: string) => boolean) | undefined;
  /** The exporter's code, which clusters get with its objects. */
  readonly bundle?: string | undefined;
}

/** Writes the outputs of a stack to `<dist>/<stack>/`. */
export function buildStack(
  { stack, own }: OpenedStack,
  dist: string,
  { scope, bundle }: BuildOptions = {},
): BuiltStack {
  const directory = join(dist, stack.name);
  const outputs = buildOutputs(stack, own);
  const files = [...outputs, ...kubernetesFiles(stack, outputs, bundle)];
  return {
    stack: stack.name,
    environment: stack.environment,
    directory,
    leftOut: leftOut(stack, own),
    ...writeOutputs(directory, stack.name, files, scope),
  };
}
