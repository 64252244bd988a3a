import type { Change, Plan } from './types.ts';

/** A plan as JSON for programs: without the objects themselves, and without any value of a Secret. */
export function planReport(plan: Plan) {
  return {
    changes: plan.changes.map(reportChange),
    prunes: plan.prunes,
    problems: plan.problems,
  };
}

function reportChange({ reference, action, differences, conflicts, warnings, notes, deferred }: Change) {
  return { ...reference, action, differences, conflicts, warnings, notes, deferred };
}
