import type { PartSpec } from '../types.ts';
import { alertmanagerPart } from './alertmanager.ts';
import type { PartContext } from './context.ts';
import { type DemonstrationAddresses, demonstrationParts } from './demonstration.ts';
import { exporterPart } from './exporter.ts';
import { inboxPart } from './inbox.ts';
import { prometheusPart } from './prometheus.ts';

/** Every part of a local stack, in the order in which they start. */
export function localParts(context: PartContext, addresses: DemonstrationAddresses): readonly PartSpec[] {
  const targets = [
    ...inboxPart(context),
    ...demonstrationParts(context, addresses),
    exporterPart(context),
    alertmanagerPart(context),
  ];
  return [
    ...targets,
    prometheusPart(
      context,
      targets.map(({ name }) => name),
    ),
  ];
}
