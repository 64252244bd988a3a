import { z } from 'zod';
import type { DashboardSource } from '../../dashboards/types.ts';
import type { Alert, Topic } from '../../rules/types.ts';
import { severities } from '../../stack/types.ts';

/** The shape of what a user's file exports, checked before it is used: see `dashboards/types.ts` and `rules/types.ts`. */
const text = z.string().min(1);
const code = z.custom<unknown>((value) => typeof value === 'function', 'expected a function');
const labels = z.record(z.string(), z.string());
const seconds = z.number().nonnegative();
/** It becomes the subject of a mail. */
const ascii = text.regex(/^[\x20-\x7e]*$/, 'expected one line of ASCII: it becomes the subject of a mail');

const scenario = z.strictObject({
  title: text,
  fires: z.array(labels),
  absent: z.literal(true).optional(),
  series: code,
  since: seconds.optional(),
  at: seconds.optional(),
});

const scenarios = z
  .array(scenario)
  .refine((all) => all.some(({ fires }) => fires.length > 0), 'none fires: what proves that the alert works?')
  .refine((all) => all.some(({ fires, absent }) => fires.length === 0 && absent === undefined), 'none stays quiet')
  .refine((all) => all.some(({ absent }) => absent), 'none is without the series (absent: true)');

const alert = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Za-z0-9]+$/, 'expected a name in PascalCase, subject and condition'),
  severity: z.enum(severities),
  for: seconds,
  threshold: z.strictObject({ value: z.number(), unit: text }).nullable(),
  expr: code,
  summary: ascii,
  detail: ascii,
  action: text,
  description: text,
  value: z.string(),
  limit: z.string().optional(),
  runbook: z.strictObject({ means: text, steps: z.array(text).min(1) }),
  panel: z.strictObject({ dashboard: text, panel: text }),
  object: z.string().regex(/^[a-z_]\w*$/i, 'expected the name of a label'),
  labels: code.optional(),
  impossible: code.optional(),
  scenarios,
} satisfies Record<keyof Alert, unknown>);

export const topicShape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and -: it names the rule file'),
  alerts: z.array(alert),
  records: code.optional(),
} satisfies Record<keyof Topic, unknown>);

export const dashboardShape = z.strictObject({
  uid: z.string().regex(/^[\w-]{1,31}$/, 'expected at most 31 letters, digits, - and _'),
  title: text,
  description: text,
  from: z.string().regex(/^now-\d+[smhdw]$/, 'expected the time shown on opening, such as now-6h'),
  variables: code,
  rows: z.array(z.strictObject({ title: text, panels: z.array(code).min(1), impossible: code.optional() })).min(1),
  impossible: code.optional(),
} satisfies Record<keyof DashboardSource, unknown>);
