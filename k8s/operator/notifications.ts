import { parse } from 'yaml';
import { filesBelow, type ObjectSource } from '../component.ts';
import { valuesFor } from '../credentials.ts';
import type { AlertmanagerFile, Route } from './alertmanager-file.ts';
import { receiver } from './receivers.ts';

import { definitions } from './templates.ts';

/**
 * Routes, receivers and inhibition as one AlertmanagerConfig, made of the very configuration that an Alertmanager of our own
 * would have. The operator makes its route a branch for alerts whose label `namespace` is that of the object: ours have it.
 */
export const notifications: ObjectSource = {
  name: 'notifications',
  render: (context) => {
    const files = filesBelow('alertmanager', context.files);
    const main = files.find(({ path }) => path === 'alertmanager.yml');
    if (main === undefined) return { objects: [], secrets: [] };
    const { route, receivers, inhibit_rules } = parse(main.content) as AlertmanagerFile;
    const known = definitions(files);
    return {
      objects: [
        {
          apiVersion: 'monitoring.coreos.com/v1alpha1',
          kind: 'AlertmanagerConfig',
          metadata: { name: 'lookout' },
          spec: {
            route: converted(route),
            receivers: receivers.map((each) => receiver(each, context, known)),
            inhibitRules: inhibit_rules.map(({ source_matchers, target_matchers, equal }) => ({
              sourceMatch: source_matchers.map(matcher),
              targetMatch: target_matchers.map(matcher),
              equal,
            })),
          },
        },
      ],
      secrets: valuesFor([main]),
    };
  },
};

function converted(route: Route): object {
  const { receiver: name, group_by, group_wait, group_interval, repeat_interval, matchers, routes } = route;
  const fields = {
    receiver: name,
    groupBy: group_by,
    groupWait: group_wait,
    groupInterval: group_interval,
    repeatInterval: repeat_interval,
    matchers: matchers?.map(matcher),
    routes: routes?.map(converted),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** `severity="critical"` in its parts. Source: Alertmanager documentation, "Configuration", matcher. */
function matcher(text: string): object {
  const [, name, matchType, value] = /^([A-Za-z_]\w*)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`the matcher ${text} cannot be read`);
  return { name, matchType, value };
}
