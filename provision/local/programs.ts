import { UserError } from '../../common/problems.ts';
import type { Programs } from './parts/context.ts';
import { findProgram } from './supervisor/guard.ts';

/** Debian calls Alertmanager `prometheus-alertmanager`; its own releases call it `alertmanager`. */
const wanted = {
  prometheus: { names: ['prometheus'], package: 'prometheus' },
  alertmanager: { names: ['prometheus-alertmanager', 'alertmanager'], package: 'prometheus-alertmanager' },
} as const;

/** @throws UserError saying in one line which program is missing and how to install it. */
export function findPrograms(node: string, path: string | undefined): Programs {
  const find = (names: readonly string[]) => names.map((name) => findProgram(name, path)).find(Boolean);
  const prometheus = find(wanted.prometheus.names);
  const alertmanager = find(wanted.alertmanager.names);
  if (prometheus !== undefined && alertmanager !== undefined) return { node, prometheus, alertmanager };
  const missing = [
    ...(prometheus === undefined ? [wanted.prometheus] : []),
    ...(alertmanager === undefined ? [wanted.alertmanager] : []),
  ];
  throw new UserError(
    `${missing.map(({ names }) => names.join(' or ')).join(' and ')} not found on the PATH: install with "apt-get install ${missing.map((one) => one.package).join(' ')}", or put the project's own release on the PATH`,
  );
}
