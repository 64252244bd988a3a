import type { PartSpec } from '../types.ts';
import type { PartContext } from './context.ts';
import { nodePart } from './node.ts';

export function exporterPart(context: PartContext): PartSpec {
  const { stack, clients } = context;
  return nodePart(
    {
      name: 'exporter',
      title: 'Exporter',
      client: clients.exporter,
      addresses: [{ title: 'metrics', address: `http://${stack.exporter.address}/prometheus` }],
    },
    context,
  );
}
