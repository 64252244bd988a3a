import type { PartState } from '../types.ts';
import type { BackupView, LocalStatus, Verdict } from './types.ts';

type Evidence = Pick<
  LocalStatus,
  'parts' | 'alertPath' | 'alerts' | 'targets' | 'backups' | 'volumes' | 'certificates' | 'silences'
>;

/** One sentence that answers "is everything in order?", the worst first. */
export function verdict(evidence: Evidence): Verdict {
  return (
    stopping(evidence) ??
    broken(evidence) ??
    starting(evidence) ??
    alerting(evidence) ??
    doubtful(evidence) ??
    well(evidence)
  );
}

type Thing = Pick<BackupView, 'name' | 'state' | 'reason'>;

function stopping({ parts }: Evidence): Verdict | null {
  const left = parts.filter(({ phase }) => phase !== 'stopped');
  if (parts.every(({ phase }) => phase !== 'stopping') && left.length > 0) return null;
  return {
    mood: 'busy',
    sentence: left.length === 0 ? 'Everything is stopped.' : `Stopping: ${titles(left)} still running.`,
  };
}

function broken({ parts, alertPath }: Evidence): Verdict | null {
  const ill = parts.find(({ phase }) => phase === 'degraded' || phase === 'restarting' || phase === 'stopped');
  if (ill !== undefined) return { mood: 'bad', sentence: `${ill.title} is ${ill.state}.` };
  if (alertPath.state === 'missing') return { mood: 'bad', sentence: `No alert would reach you: ${alertPath.reason}.` };
  return null;
}

function starting({ parts, alertPath }: Evidence): Verdict | null {
  const waiting = parts.filter(({ phase }) => phase !== 'healthy');
  if (waiting.length > 0) {
    const healthy = parts.length - waiting.length;
    return {
      mood: 'busy',
      sentence: `Starting: ${healthy} of ${parts.length} parts are healthy; ${titles(waiting)} to come.`,
    };
  }
  if (alertPath.state === 'unknown')
    return { mood: 'busy', sentence: 'All parts are healthy; the alert path is being proven.' };
  return null;
}

function alerting({ alerts }: Evidence): Verdict | null {
  const firing = alerts.filter(({ state, silencedBy }) => state === 'firing' && silencedBy.length === 0);
  const told = firing.filter(({ inhibited }) => !inhibited);
  const [worst] = told.length > 0 ? told : firing;
  if (worst === undefined) return null;
  const more = firing.length === 1 ? '' : `, and ${count(firing.length - 1, 'more alert fires', 'more alerts fire')}`;
  return { mood: worst.severity === 'critical' ? 'bad' : 'warning', sentence: `${capital(worst.summary)}${more}.` };
}

function doubtful({ alerts, targets, backups, volumes, certificates }: Evidence): Verdict | null {
  const pending = alerts.find(({ state }) => state === 'pending');
  if (pending !== undefined) return { mood: 'warning', sentence: `${capital(pending.summary)}: an alert is pending.` };
  const down = targets.find(({ up }) => !up);
  if (down !== undefined) return { mood: 'warning', sentence: `Target ${down.job} does not answer.` };
  const kind = (word: string) => (thing: Thing) => ({ ...thing, kind: word });
  const things = [
    ...backups.map(kind('Backup')),
    ...volumes.map(kind('Volume')),
    ...certificates.map(kind('Certificate')),
  ];
  const late = things.find(({ state }) => state === 'late');
  if (late !== undefined) return { mood: 'warning', sentence: `${late.kind} ${late.name}: ${late.reason}.` };
  const blind = things.filter(({ state }) => state === 'unknown');
  if (blind.length > 0)
    return { mood: 'busy', sentence: `No figures yet of ${blind.map(({ name }) => name).join(', ')}.` };
  return null;
}

function well({ backups, volumes, certificates, alerts }: Evidence): Verdict {
  const facts = [
    backups.length > 0 ? `${count(backups.length, 'backup is', 'backups are')} on time` : '',
    volumes.length > 0 ? `${count(volumes.length, 'volume has', 'volumes have')} room` : '',
    certificates.length > 0 ? `${count(certificates.length, 'certificate is', 'certificates are')} valid` : '',
  ].filter((fact) => fact !== '');
  const silenced = alerts.filter(({ silencedBy }) => silencedBy.length > 0).length;
  const hidden = silenced === 0 ? '' : ` ${count(silenced, 'alert is', 'alerts are')} silenced.`;
  const sentence = facts.length === 0 ? 'All is well.' : `All is well: ${facts.join(', ')}.`;
  return { mood: silenced === 0 ? 'good' : 'warning', sentence: sentence + hidden };
}

function titles(parts: readonly PartState[]): string {
  return parts.map(({ title }) => title).join(', ');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
