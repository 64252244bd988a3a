import type { BareObject, ObjectSource } from '../component.ts';
import { dashboards } from './dashboards.ts';
import { notifications } from './notifications.ts';
import { probes } from './probes.ts';
import { rules } from './rules.ts';
import { scrape } from './scrape.ts';

/** What operators of the cluster are given to read, with the labels that their selectors ask for. */
export const operatorObjects: readonly ObjectSource[] = [scrape, probes, rules, notifications, dashboards].map(
  labelled,
);

function labelled({ name, render }: ObjectSource): ObjectSource {
  return {
    name,
    render: (context) => {
      const { objects, secrets } = render(context);
      const { labels } = context.cluster.operator;
      const marked = (object: BareObject): BareObject => ({
        ...object,
        metadata: { ...object.metadata, labels: { ...labels, ...object.metadata.labels } },
      });
      return { objects: objects.map(marked), secrets };
    },
  };
}
