import { stringify } from 'yaml';
import type { OutputFile, Stack } from '../stack/types.ts';
import { alertmanagerConfig } from './config.ts';
import { commonTemplates } from './templates/common.ts';
import { mailHtml } from './templates/mail-html.ts';
import { mailText } from './templates/mail-text.ts';
import { slackTemplates } from './templates/slack.ts';
import type { AlertFacts } from './types.ts';

/**
 * Everything Alertmanager reads: its configuration and its message templates. Paths of templates are relative to the
 * configuration file; paths of credentials too, for which Alertmanager must run in the configuration's directory: it
 * resolves templates against the file, but `*_file` settings against its working directory.
 */
export function alertmanagerFiles(stack: Stack, facts: AlertFacts): readonly OutputFile[] {
  return [
    {
      path: 'alertmanager/alertmanager.yml',
      content: stringify(alertmanagerConfig(stack, facts), { lineWidth: 0, aliasDuplicateObjects: false }),
    },
    { path: 'alertmanager/templates/common.tmpl', content: commonTemplates(stack) },
    { path: 'alertmanager/templates/mail.tmpl', content: `${mailText(stack)}\n${mailHtml(stack)}` },
    { path: 'alertmanager/templates/slack.tmpl', content: slackTemplates(stack) },
  ];
}
