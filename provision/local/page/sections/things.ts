import { humanBytes } from '../../../../common/quantities.ts';
import type { BackupView, CertificateView, ThingState, VolumeView } from '../../status/types.ts';
import { type Html, html } from '../html.ts';
import { ago, until } from '../times.ts';
import { badge, card, type PageFacts, type Section, type Tone } from './section.ts';

export const backupsSection: Section = {
  id: 'backups',
  column: 'main',
  render: ({ backups }, page) =>
    backups.length === 0
      ? null
      : card(
          'Backups',
          null,
          table(
            ['Backup', 'State', 'Last good', 'Next due', 'Kept', 'Size'],
            backups.map((one) => backup(one, page)),
          ),
        ),
};

export const volumesSection: Section = {
  id: 'volumes',
  column: 'main',
  render: ({ volumes }, page) =>
    volumes.length === 0
      ? null
      : card(
          'Volumes',
          null,
          table(
            ['Volume', 'State', 'Used', 'Of', 'Share', 'Measured'],
            volumes.map((one) => volume(one, page)),
          ),
        ),
};

export const certificatesSection: Section = {
  id: 'certificates',
  column: 'main',
  render: ({ certificates }, page) =>
    certificates.length === 0
      ? null
      : card(
          'Certificates',
          null,
          table(
            ['Certificate', 'State', 'Issued', 'Expires'],
            certificates.map((one) => certificate(one, page)),
          ),
        ),
};

const tones: Readonly<Record<ThingState, Tone>> = { up: 'good', late: 'warning', down: 'bad', unknown: 'quiet' };
const words: Readonly<Record<ThingState, string>> = {
  up: 'ok',
  late: 'warning',
  down: 'alert',
  unknown: 'unknown',
};

function backup(view: BackupView, { clock }: PageFacts): Html {
  const { lastGood, nextExpected, artifacts, sizeBytes, directory } = view;
  return html`<tr>${name(view.name, directory)}${state(view)}
    <td>${lastGood === null ? 'never' : ago(lastGood, clock)}</td>
    <td>${nextExpected === null ? null : until(nextExpected, clock)}</td>
    <td class="number">${artifacts}</td><td class="number">${sizeBytes === null ? null : humanBytes(sizeBytes)}</td></tr>`;
}

function volume(view: VolumeView, { clock }: PageFacts): Html {
  const { usedBytes, limitBytes, measured, directory } = view;
  return html`<tr>${name(view.name, directory)}${state(view)}
    <td class="number">${usedBytes === null ? null : humanBytes(usedBytes)}</td>
    <td class="number">${limitBytes === null ? null : humanBytes(limitBytes)}</td>
    <td>${usedBytes === null || limitBytes === null ? null : share(usedBytes / limitBytes)}</td>
    <td>${measured === null ? null : ago(measured, clock)}</td></tr>`;
}

function share(used: number): Html {
  return html`<meter min="0" max="1" high="0.8" optimum="0" value="${used.toFixed(3)}" aria-label="share used"></meter>
    ${Math.round(used * 100)} %`;
}

function certificate(view: CertificateView, { clock }: PageFacts): Html {
  const { notBefore, notAfter, place } = view;
  return html`<tr>${name(view.name, place)}${state(view)}
    <td>${notBefore === null ? null : ago(notBefore, clock)}</td>
    <td>${notAfter === null ? null : until(notAfter, clock)}</td></tr>`;
}

function name(text: string, place: string): Html {
  return html`<th scope="row">${text}<span class="place">${place}</span></th>`;
}

function state({ state: thing, reason }: { readonly state: ThingState; readonly reason: string | null }): Html {
  return html`<td>${badge(tones[thing], words[thing])}${reason === null ? null : html`<span class="place">${reason}</span>`}</td>`;
}

function table(head: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll"><table><thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
    <tbody>${rows}</tbody></table></div>`;
}
