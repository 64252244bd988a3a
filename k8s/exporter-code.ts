import type { ComponentSource } from './component.ts';
import { codeFile, codeMap } from './exporter.ts';

/** The exporter's program: one file below the limit of a ConfigMap, run by the stock image of Node, so that no registry is needed. */
export const exporterCode: ComponentSource = {
  name: 'exporter-code',
  component: 'exporter',
  render: ({ bundle }) => ({
    objects:
      bundle === undefined
        ? []
        : [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: codeMap }, data: { [codeFile]: bundle } }],
    secrets: [],
  }),
};
