import type { CredentialView, MessageView, SilenceView, TargetView } from '../../status/types.ts';
import type { Address } from '../../types.ts';
import { type Html, html, link } from '../html.ts';
import { absolute, ago, until } from '../times.ts';
import { action, card, empty, type PageFacts, type Section } from './section.ts';

export const messagesSection: Section = {
  id: 'messages',
  column: 'side',
  render: ({ messages, addresses }, page) => {
    if (messages === null) return null;
    const inbox = addresses.find(({ title }) => title === 'Inbox: messages');
    const all = inbox === undefined ? null : link(inbox.address, 'open the inbox');
    const list = html`<ul class="plain">${messages.map((message) => item(message, page))}</ul>`;
    return card('Latest messages', all, messages.length === 0 ? empty('No message yet.') : list);
  },
};

function item({ kind, title, at, url }: MessageView, { clock }: PageFacts): Html {
  return html`<li>${link(url, title)}<span class="note">${kind === 'mail' ? 'Mail' : 'Slack'}, ${ago(at, clock)}</span></li>`;
}

export const silencesSection: Section = {
  id: 'silences',
  column: 'side',
  render: ({ silences }, page) => {
    const list = html`<ul class="plain">${silences.map((one) => silence(one, page))}</ul>`;
    return card('Silences', link('/silences/new', 'new'), silences.length === 0 ? empty('Nothing is silenced.') : list);
  },
};

function silence({ id, matchers, who, why, until: end, state, hides }: SilenceView, page: PageFacts): Html {
  const scope = state === 'pending' ? 'not begun' : hides === 1 ? 'hides 1 alert' : `hides ${hides} alerts`;
  return html`<li><code>${matchers.join(', ')}</code>
    <span>${why}</span>
    <span class="meta"><span>${who}, <span title="${absolute(end, page.clock)}">ends ${until(end, page.clock)}</span>, ${scope}</span>
      <span class="links">${action(`/silences/${id}/expire`, 'End now', page, 'plain')}</span></span></li>`;
}

export const targetsSection: Section = {
  id: 'targets',
  column: 'side',
  render: ({ targets }, page) => {
    const up = targets.filter((target) => target.up).length;
    const list = html`<ul class="plain targets">${targets.map((one) => target(one, page))}</ul>`;
    return card(
      'Targets',
      `${up} of ${targets.length} up`,
      targets.length === 0 ? empty('Prometheus does not answer.') : list,
    );
  },
};

function target({ job, address, up, error }: TargetView, _page: PageFacts): Html {
  return html`<li><div class="line"><span class="dot ${up ? 'good' : 'bad'}"></span><strong>${job}</strong>
    <span class="state">${up ? 'up' : 'down'}</span></div>
    <span class="meta">${address}</span>${error === null ? null : html`<span class="reason">${error}</span>`}</li>`;
}

export const addressesSection: Section = {
  id: 'addresses',
  column: 'side',
  render: ({ addresses, credentials, state }) =>
    card(
      'Addresses and files',
      null,
      html`<dl>${addresses.map(address)}</dl>`,
      html`<details id="credentials"><summary>Credential files</summary><dl>${credentials.map(credential)}</dl></details>`,
      html`<dl><dt>Data</dt><dd><code>${state}</code></dd></dl>`,
    ),
};

function address({ title, address: where }: Address): Html {
  return html`<dt>${title}</dt><dd>${where.startsWith('http') ? link(where, where) : html`<code>${where}</code>`}</dd>`;
}

function credential({ name, place }: CredentialView): Html {
  return html`<dt>${name}</dt><dd><code>${place}</code></dd>`;
}
