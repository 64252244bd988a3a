import { join } from 'node:path';
import type { InboxConfig } from '../../../demo/inbox/config.ts';
import { credentialPath, type OutputFile, type Stack } from '../../../stack/types.ts';
import type { LocalPaths } from '../paths.ts';
import type { PartSpec } from '../types.ts';
import { listenAt } from './address.ts';
import type { PartContext } from './context.ts';
import { nodePart } from './node.ts';

/** The configuration of the inbox; nothing for a stack whose messages all go to servers of the user's own. */
export function inboxFiles({ local, alertmanager, timezone }: Stack, paths: LocalPaths): readonly OutputFile[] {
  if (!local?.inbox) return [];
  const config: InboxConfig = {
    smtp: listenAt(local.inbox.smtp),
    http: listenAt(local.inbox.http),
    directory: paths.data('inbox'),
    webhookFile: join(paths.config('inbox'), credentialPath(alertmanager.slack?.webhook ?? '')),
    timezone,
    startPage: `http://${local.startPage}/`,
  };
  return [{ path: 'inbox/inbox.json', content: `${JSON.stringify(config, null, 2)}\n` }];
}

export function inboxPart(context: PartContext): readonly PartSpec[] {
  const { stack, clients } = context;
  const inbox = stack.local?.inbox;
  if (!inbox || clients.inbox === null) return [];
  return [
    nodePart(
      {
        name: 'inbox',
        title: 'Inbox',
        client: clients.inbox,
        addresses: [
          { title: 'messages', address: `http://${inbox.http}/` },
          { title: 'SMTP', address: inbox.smtp },
        ],
      },
      context,
    ),
  ];
}
