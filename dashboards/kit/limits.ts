import { thresholdOf } from '../../rules/index.ts';
import type { Stack } from '../../stack/types.ts';
import type { PanelContext } from '../types.ts';

/** What panels may ask of a stack. */
export function panelContext(stack: Stack): PanelContext {
  return {
    stack,
    limit: (alert) => {
      const threshold = thresholdOf(stack, alert);
      if (threshold === null) throw new Error(`alert ${alert} has no threshold that a panel could show`);
      return threshold;
    },
  };
}
