import { stringify } from 'yaml';
import { guessApplications } from './applications.ts';
import { guessBackups } from './backups.ts';
import { guessCertificates } from './certificates.ts';
import { type Existing, findExisting } from './components.ts';
import { guessDatabases } from './databases.ts';
import type { Facts } from './facts.ts';
import type { Guess } from './guess.ts';
import { guessProbes } from './probes.ts';
import { guessVolumes } from './volumes.ts';

/** The first `environment.yaml` for a namespace of a cluster: valid as it stands, each guess with what it rests on. */
export function draftEnvironment(facts: Facts): string {
  const { secrets, certManager, endpoints } = guessCertificates(facts);
  const certificates = [
    list('secrets', secrets),
    list('certManager', certManager),
    list('endpoints', endpoints),
  ].filter((text) => text !== '');
  const isOff = ![...secrets, ...certManager, ...endpoints].some(({ sure }) => sure);
  return [
    head(facts),
    installed(findExisting(facts)),
    list('applications', guessApplications(facts)),
    list('probes', guessProbes(facts)),
    list('databases', guessDatabases(facts)),
    list('backups', guessBackups(facts)),
    list('volumes', guessVolumes(facts)),
    certificates.length === 0 ? '' : `${isOff ? '# ' : ''}certificates:\n${indent(certificates.join(''), '  ')}`,
    receivers,
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function head(facts: Facts): string {
  const zones = new Set(facts.cronJobs.flatMap(({ spec }) => spec?.timeZone ?? []));
  const [zone = 'UTC'] = zones;
  const unread = facts.unread.map((line) => `# Could not be read: ${line}\n`).join('');
  return `# A first environment for the namespace ${facts.namespace}, as the cluster told. Read it through: what is a guess says so, and
# what stands in a comment with <...> needs you. "lookout env check" finds mistakes, "lookout plan" shows what would be done.
${unread}
platform: kubernetes
namespace: ${facts.namespace}
# ${zones.size === 1 ? 'The zone of its CronJobs; messages' : 'Messages'} tell the time in it.
timezone: ${zone}

cluster:
  context: ${stringify(facts.context).trim()}
  distribution: ${distribution(facts)}
${operatorNote(facts)}`;
}

function distribution({ version, groups }: Facts): string {
  if (groups.includes('route.openshift.io')) return 'openshift';
  return version.includes('+k3s') ? 'k3s' : 'kubernetes';
}

function operatorNote({ groups }: Facts): string {
  if (!groups.includes('monitoring.coreos.com')) return '';
  return `
# The definitions of the Prometheus operator are there. If it runs, let it do the work:
#
# flavour: operator
`;
}

/** What runs already is not installed a second time. Only a person can say whether this stack may use it. */
function installed(existing: readonly Existing[]): string {
  if (existing.length === 0) return '';
  const lines = existing.map(
    ({ component, workload, namespace, address }) =>
      `#   ${component}: { existing: "${address ?? '<host:port>'}" }   # ${workload} in ${namespace}`,
  );
  return `# Found running already. Take a line out of its comment to use it instead of installing one:
#
# components:
${lines.join('\n')}
`;
}

function list(key: string, guesses: readonly Guess[]): string {
  if (guesses.length === 0) return '';
  const isOff = !guesses.some(({ sure }) => sure);
  const items = guesses.map(({ value, why, sure }) => {
    const item = indent(stringify([value], { lineWidth: 0 }), '  ');
    return `${indent(`# ${why}\n`, '  ')}${sure ? item : indent(item, '#').replaceAll(/^# {2}/gm, '  # ')}`;
  });
  return `${isOff ? '# ' : ''}${key}:\n${items.join('')}`;
}

function indent(text: string, by: string): string {
  return text.replaceAll(/^(?=.)/gm, by);
}

const receivers = `# Who is told:
#
# alertmanager:
#   email:
#     smarthost: smtp.example.com:587
#     from: lookout@example.com
#     to: [you@example.com]
#     user: lookout
#     password: { env: SMTP_PASSWORD }
#   slack:
#     webhook: { secret: slack, key: webhook }
#     channel: "#alerts"
`;
