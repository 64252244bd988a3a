import { alertsWith, thresholdOf } from '../../rules/index.ts';
import type { Topic } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import type { PanelContext } from '../types.ts';

/** What panels may ask of a stack whose environment adds these topics to ours. */
export function panelContext(stack: Stack, own: readonly Topic[] = []): PanelContext {
  return {
    stack,
    limit: (alert) => {
      const threshold = thresholdOf(stack, alert, own);
      if (threshold === null) throw new Error(`alert ${alert} has no threshold that a panel could show`);
      return threshold;
    },
    objects: [...new Set(alertsWith(own).map(({ object }) => object))],
  };
}
