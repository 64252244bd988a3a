import { type AlertmanagerSettings, credentialPath, type EmailReceiver, type SlackReceiver } from '../stack/types.ts';

/** `nobody` swallows: it is the Watchdog's receiver when there is no heartbeat. */
export const receiverNames = {
  operators: 'operators',
  informed: 'informed',
  heartbeat: 'heartbeat',
  nobody: 'nobody',
} as const;

export function receivers(settings: AlertmanagerSettings) {
  const mail = settings.email === null ? {} : { email_configs: [emailConfig(settings.email)] };
  const slack = settings.slack === null ? {} : { slack_configs: [slackConfig(settings.slack)] };
  return [
    { name: receiverNames.operators, ...mail, ...slack },
    { name: receiverNames.informed, ...(settings.email === null ? slack : mail) },
    settings.heartbeat === null
      ? { name: receiverNames.nobody }
      : { name: receiverNames.heartbeat, ...heartbeatConfig(settings, settings.heartbeat) },
  ];
}

function emailConfig(email: EmailReceiver) {
  return {
    send_resolved: true,
    to: email.to.join(', '),
    from: email.from.includes('<') ? email.from : `Lookout <${email.from}>`,
    smarthost: email.smarthost,
    require_tls: email.tls,
    ...(email.user === null ? {} : { auth_username: email.user }),
    ...(email.password === null ? {} : { auth_password_file: credentialPath(email.password) }),
    headers: {
      Subject: include('lookout.subject'),
      'X-Lookout-State': '{{ .Status }}',
      'X-Lookout-Labels': include('lookout.labels'),
      'In-Reply-To': include('lookout.thread'),
      References: include('lookout.thread'),
      'Auto-Submitted': 'auto-generated',
    },
    text: include('lookout.mail.text'),
    html: include('lookout.mail.html'),
  };
}

/**
 * Every field is set: a field left out is a template that Debian's Alertmanager reads from the disk of whichever version is
 * installed. `fields` and `actions` stay empty, because they cannot vary with the alert: an empty value would be sent.
 */
function slackConfig(slack: SlackReceiver) {
  return {
    send_resolved: true,
    api_url_file: credentialPath(slack.webhook),
    channel: slack.channel,
    username: 'Lookout',
    color: include('lookout.colour'),
    title: include('lookout.slack.title'),
    title_link: include('lookout.slack.link'),
    pretext: include('lookout.slack.pretext'),
    text: include('lookout.slack.text'),
    footer: include('lookout.slack.footer'),
    fallback: include('lookout.slack.fallback'),
    callback_id: '{{ .Status }}?{{ template "lookout.labels" . }}',
    mrkdwn_in: ['text'],
    icon_emoji: '',
    icon_url: '',
    image_url: '',
    thumb_url: '',
    link_names: false,
  };
}

/**
 * A call with any body is a heartbeat. Before 0.26 a webhook's URL can only stand in the configuration itself, and it is a
 * secret: there the call goes out as a chat message, whose URL may lie in a file.
 */
function heartbeatConfig({ features }: AlertmanagerSettings, url: string) {
  if (features.webhookUrlFile)
    return { webhook_configs: [{ send_resolved: false, url_file: credentialPath(url), max_alerts: 1 }] };
  const silent = { title: '', title_link: '', pretext: '', footer: '', fallback: '', callback_id: '', icon_emoji: '' };
  return {
    slack_configs: [
      {
        send_resolved: false,
        api_url_file: credentialPath(url),
        channel: '',
        username: 'Lookout',
        color: '',
        text: 'The alert path works.',
        ...silent,
        icon_url: '',
      },
    ],
  };
}

function include(template: string): string {
  return `{{ template "${template}" . }}`;
}
