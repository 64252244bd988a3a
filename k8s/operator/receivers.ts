import type { Context } from '../component.ts';
import { secretKey } from '../credentials.ts';
import type { Receiver, Settings } from './alertmanager-file.ts';
import { qualified } from './references.ts';
import { type Definitions, withDefinitions } from './templates.ts';

/** Fields that an AlertmanagerConfig does not name as Alertmanager does, in lower camel case. Source: its API reference. */
const renamed: Readonly<Record<string, string>> = {
  require_tls: 'requireTLS',
  auth_password_file: 'authPassword',
  api_url_file: 'apiURL',
  url_file: 'urlSecret',
  icon_url: 'iconURL',
  image_url: 'imageURL',
  thumb_url: 'thumbURL',
};

/** A receiver of Alertmanager as one of an AlertmanagerConfig: secrets by reference, texts with what they use. */
export function receiver(
  { name, email_configs, slack_configs, webhook_configs }: Receiver,
  context: Context,
  known: Definitions,
): object {
  const all = (settings: readonly Settings[]) => settings.map((each) => converted(each, context, known));
  return {
    name,
    ...(email_configs === undefined ? {} : { emailConfigs: all(email_configs) }),
    ...(slack_configs === undefined ? {} : { slackConfigs: all(slack_configs) }),
    ...(webhook_configs === undefined ? {} : { webhookConfigs: all(webhook_configs) }),
  };
}

/** An empty text is left out: the operator does not tell one from a field that is not there. */
function converted(settings: Settings, context: Context, known: Definitions): object {
  const entries = Object.entries(settings).filter(([, value]) => value !== '');
  return Object.fromEntries(
    entries.map(([key, value]) => [renamed[key] ?? camel(key), field(key, value, context, known)]),
  );
}

function field(key: string, value: unknown, { stack, cluster }: Context, known: Definitions): unknown {
  if (key === 'headers')
    return Object.entries(value as Readonly<Record<string, string>>).map(([header, text]) => ({
      key: header,
      value: withDefinitions(text, known),
    }));
  if (typeof value !== 'string') return value;
  if (key === 'smarthost') return qualified(value, cluster.namespace);
  return key.endsWith('_file') ? secretKey(value, stack) : withDefinitions(value, known);
}

function camel(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
