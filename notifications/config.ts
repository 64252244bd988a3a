import type { Stack } from '../stack/types.ts';
import { receivers } from './receivers.ts';
import { inhibitRule, rootRoute } from './routes.ts';
import type { AlertFacts } from './types.ts';

/** `alertmanager.yml` as a value. Format: Alertmanager documentation, "Configuration". */
export function alertmanagerConfig(stack: Stack, facts: AlertFacts) {
  return {
    templates: ['templates/*.tmpl'],
    route: rootRoute(stack, facts),
    inhibit_rules: facts.inhibitions.map(inhibitRule),
    receivers: receivers(stack.alertmanager),
  };
}
