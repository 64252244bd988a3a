import { describe, expect, test } from 'vitest';
import { mailFaults, slackFaults } from '../../demo/inbox/faults.ts';
import type { SlackAttachment } from '../../demo/inbox/message.ts';

const mail = (html: string | null, text: string | null = 'text') =>
  mailFaults('subject', { kind: 'mail', headers: [], text, html, source: '' });
const slack = (attachment: SlackAttachment) =>
  slackFaults({ attachments: [{ title: 'title', fallback: 'fallback', text: 'text', ...attachment }] });

describe('faults of a mail', () => {
  test('a good one has none', () => {
    expect(mail('<table><tr><td>a</td></tr></table><a href="https://a.test/?b=1&amp;c">Runbook</a>')).toEqual([]);
  });

  test.each([
    ['', 'The subject is blank.'],
    ['  ', 'The subject is blank.'],
    ['CRITICAL | | local', 'The subject has an empty part.'],
    ['CRITICAL | x |', 'The subject has an empty part.'],
    ['Größe', 'The subject is not plain ASCII: some clients show it encoded.'],
    ['<no value> missed', 'The subject shows a piece of its template: <no value>'],
  ])('subject "%s"', (subject, fault) => {
    expect(mailFaults(subject, { kind: 'mail', headers: [], text: 'x', html: null, source: '' })).toEqual([fault]);
  });

  test.each([
    ['<td>Now</td><td> &nbsp;</td>', 'The HTML has an empty field.'],
    ['<a href="">Runbook</a>', 'The link Runbook leads nowhere.'],
    ['<a>Runbook</a>', 'The link Runbook leads nowhere.'],
    ['<a href="#ZgotmplZ">x</a>', 'The HTML shows a piece of its template: ZgotmplZ'],
    ['<p>{{ .Value }}</p>', 'The HTML shows a piece of its template: {{'],
    ['<p>%!d(string=x)</p>', 'The HTML shows a piece of its template: %!d('],
    ['&lt;no value&gt;', 'The HTML shows a piece of its template: &lt;no value&gt;'],
    [`<p>${'x'.repeat(105_000)}</p>`, 'The HTML has 105007 bytes: Gmail cuts it off at 104448.'],
  ])('HTML %.40s', (html, fault) => expect(mail(html)).toContain(fault));

  test.each([null, ' \n'])('text part %j', (text) => {
    expect(mail('<p>x</p>', text)).toContain('There is no text part: a watch or a terminal shows nothing.');
  });
});

describe('faults of a Slack message', () => {
  test('a good one has none', () => expect(slack({})).toEqual([]));

  test.each<[SlackAttachment, string]>([
    [{ title: '' }, 'The title is blank.'],
    [{ text: 'see <!channel>' }, 'It calls everyone in the channel.'],
    [{ fallback: '' }, 'There is no fallback: a phone has nothing to show.'],
    [{ fields: [{ title: 'Now', value: ' ' }] }, 'The field Now is empty.'],
    [{ actions: [{ text: 'Runbook', url: '' }] }, 'The button Runbook leads nowhere.'],
    [{ text: 'a\nb\nc\nd\ne\nf' }, 'Slack folds it: 700 characters or 5 line breaks.'],
    [{ text: 'x'.repeat(700) }, 'Slack folds it: 700 characters or 5 line breaks.'],
  ])('%j', (attachment, fault) => expect(slack(attachment)).toEqual([fault]));

  test('four line breaks are not folded', () => expect(slack({ text: 'a\nb\nc\nd\ne' })).toEqual([]));
});
