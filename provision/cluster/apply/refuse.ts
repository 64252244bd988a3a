import type { Inventory } from '../inventory/types.ts';
import type { Plan } from '../plan/types.ts';

/** From so many objects on, pruning more than half of an inventory needs a person's word. */
const few = 4;

/** Why nothing of a plan is written; undefined when nothing speaks against it. */
export function refusal(plan: Plan, inventory: Inventory, agreed: boolean): string | undefined {
  if (plan.problems.length > 0) return 'nothing was written: solve what is marked with ✗ first';
  const disputed = plan.changes.filter(({ conflicts }) => conflicts.length > 0).length;
  if (disputed > 0)
    return `nothing was written: others own fields of ${disputed === 1 ? 'one object' : `${disputed} objects`} that would change`;
  const deleted = plan.prunes.filter(({ action }) => action === 'delete').length;
  const many = deleted > few && deleted * 2 > inventory.entries.length;
  if (many && !agreed)
    return `nothing was written: ${deleted} of ${inventory.entries.length} objects would be deleted; when that is meant, say --yes`;
  return undefined;
}
