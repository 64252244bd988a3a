import type { Stack } from '../stack/types.ts';
import { receivers } from './receivers.ts';
import { inhibitRules, rootRoute } from './routes.ts';
import type { AlertFacts } from './types.ts';

/** `alertmanager.yml` as a value. Format: Alertmanager documentation, "Configuration". */
export function alertmanagerConfig(stack: Stack, facts: AlertFacts) {
  return {
    templates: ['templates/*.tmpl'],
    route: rootRoute(stack, facts),
    inhibit_rules: facts.inhibitions.map(inhibitRules),
    receivers: receivers(stack.alertmanager),
  };
}
