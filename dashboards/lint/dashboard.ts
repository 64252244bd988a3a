import { parseDuration } from '../../common/durations.ts';
import type { Rule } from './parts.ts';

/** D5: a dashboard that keeps its address and opens on something sensible. */
export const dashboardRules: readonly Rule[] = [
  {
    name: 'the uid is one that Grafana keeps',
    check: ({ uid }) => (/^[a-zA-Z0-9_-]{1,40}$/.test(uid ?? '') ? [] : [`the uid is "${uid}"`]),
  },
  {
    name: 'it has a title, a description and tags',
    check: ({ title, description, tags }) =>
      title && description && tags?.length ? [] : ['it lacks a title, a description or tags'],
  },
  {
    name: 'it cannot be edited in place, where the next build would undo the edit',
    check: ({ editable }) => (editable === false ? [] : ['it can be edited']),
  },
  {
    name: 'it says its time zone and its schema',
    check: ({ timezone, schemaVersion }) =>
      timezone && schemaVersion === 42 ? [] : [`its time zone is "${timezone}", its schema ${schemaVersion}`],
  },
  {
    name: 'it shares the crosshair between its panels',
    check: ({ graphTooltip }) => (graphTooltip === 1 ? [] : ['its panels do not share the crosshair']),
  },
  {
    name: 'it opens on a range up to now, at most a month',
    check: ({ time }) => {
      const seconds = parseDuration(/^now-(\w+)$/.exec(time?.from ?? '')?.[1] ?? '');
      return time?.to === 'now' && seconds !== undefined && seconds > 0 && seconds <= 31 * 86_400
        ? []
        : [`it opens on ${time?.from} to ${time?.to}`];
    },
  },
  {
    name: 'it does not refresh all the time',
    check: ({ refresh }) => ((parseDuration(refresh ?? '') ?? 0) >= 5 ? [] : [`it refreshes every ${refresh}`]),
  },
  {
    name: 'it holds nothing that one Grafana gave it',
    check: (dashboard) =>
      ['id', 'version', 'iteration'].filter((key) => key in dashboard).map((key) => `it has the key ${key}`),
  },
];
