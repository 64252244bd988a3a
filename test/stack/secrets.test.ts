import { describe, expect, test } from 'vitest';
import { environmentJsonSchema } from '../../stack/json-schema.ts';
import { secretKeys } from '../../stack/schema/secrets.ts';
import { load, problemsOf, stackOf } from './load.ts';

const canary = 'canary-4711-hunter2';

/** Each place that takes a secret, with `VALUE` for what is written there. */
const places = {
  token: 'platform: local\napplications:\n  - name: shop\n    metrics:\n      address: shop:1\n      token: VALUE\n',
  password:
    'platform: local\nalertmanager:\n  email:\n    smarthost: m.test:587\n    from: a@b.test\n    to: [c@d.test]\n    user: me\n    password: VALUE\n',
  webhook: 'platform: local\nalertmanager:\n  slack:\n    channel: "#a"\n    webhook: VALUE\n',
  'password of a certificate':
    'platform: local\ncertificates:\n  files:\n    - name: web\n      path: web.p12\n      password: VALUE\n',
  clientSecret:
    'platform: kubernetes\nnamespace: shop\ngrafana:\n  access: { ingress: { host: a.test } }\n  auth:\n    oidc:\n      client: a\n      authUrl: https://a.test\n      tokenUrl: https://a.test\n      apiUrl: https://a.test\n      clientSecret: VALUE\n',
  heartbeat: 'platform: local\nalertmanager:\n  heartbeat: VALUE\n',
};

/** What people write who do not know better; all of it is refused and none of it may be repeated. */
const mistakes = [
  canary,
  `"${canary}"`,
  `\${CANARY}`,
  `{ env: "\${CANARY}" }`,
  `{ file: "\${CANARY}" }`,
  `{ value: ${canary} }`,
  `{ ${canary} }`,
  `{ secret: ${canary} }`,
  `{ secret: a, key: b, ${canary}: c }`,
  `{ env: "${canary}" }`,
  `[${canary}]`,
  `"${canary}" ${canary}`,
  `"${canary}`,
  `${canary}: ${canary}: x`,
  `\t${canary}\n\t- x`,
  `|\n  ${canary}\n x`,
  `@${canary}`,
  `*${canary}`,
  `!${canary} x`,
  `&${canary} x`,
];

describe.each(Object.entries(places))('a %s', (_key, yaml) => {
  test.each(mistakes)('written as %s is refused without being repeated', (mistake) => {
    const given = { files: { '.env': `CANARY=${canary}` }, processEnv: { CANARY: canary } };
    const problems = problemsOf(yaml.replace('VALUE', mistake), given);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain(canary);
    expect(problems.join('\n')).not.toContain('hunter2');
  });
});

describe('a literal secret', () => {
  test('is answered with what to write instead', () => {
    expect(problemsOf(places.password.replace('VALUE', canary))).toEqual([
      'environment.yaml:8: alertmanager.email.password: a secret is never written here, neither itself nor as a variable; write where it is kept: {secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}',
    ]);
  });

  test('beside another mistake is not repeated either', () => {
    const yaml = places.webhook.replace('VALUE', canary).replace('channel: "#a"', `chanel: ${canary}`);
    expect(problemsOf(yaml).join('\n')).not.toContain(canary);
  });

  test('that a variable brought to another key stays out of the message', () => {
    const yaml = `platform: local\ntimezone: \${CANARY}\nalertmanager: { email: { to: ["\${CANARY}"] } }\n`;
    const problems = problemsOf(yaml, { processEnv: { CANARY: canary } });
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).not.toContain(canary);
  });
});

describe('a reference', () => {
  test('names where the value is, for each kind', () => {
    const cluster = places.token.replace('platform: local', 'platform: kubernetes\nnamespace: shop');
    const secret = (yaml: string, written: string) =>
      stackOf(yaml.replace('VALUE', written)).secrets['application-shop-token'];
    expect(secret(cluster, '{ secret: shop-metrics, key: token }')).toEqual({
      kind: 'kubernetes',
      secret: 'shop-metrics',
      key: 'token',
    });
    expect(secret(places.token, '{ env: SHOP_TOKEN }')).toEqual({ kind: 'env', name: 'SHOP_TOKEN' });
    expect(secret(places.token, '{ file: shop.token }')).toEqual({
      kind: 'file',
      path: '/environments/shop/shop.token',
    });
    expect(secret(places.token, '{ file: /run/shop.token }')).toEqual({ kind: 'file', path: '/run/shop.token' });
    expect(secret(places.token, 'generate')).toEqual({ kind: 'generate' });
  });

  test('can be generated only where we decide the value', () => {
    expect(problemsOf(places.webhook.replace('VALUE', 'generate'))).toHaveLength(1);
    expect(problemsOf(places.token.replace('VALUE', 'generate'))).toEqual([]);
  });

  test('is what the stack holds, and never a value', () => {
    const yaml = places.password.replace('VALUE', '{ env: SMTP_PASSWORD }');
    const given = { processEnv: { SMTP_PASSWORD: canary } };
    const [loaded] = load(yaml, given).stacks;
    expect(JSON.stringify([loaded?.stack, [...(loaded?.origins ?? [])]])).not.toContain(canary);
    expect(loaded?.stack.alertmanager.email?.password).toBe('smtp-password');
    expect(loaded?.origins.get('secrets.smtp-password.name')).toBe('environment.yaml:8');
  });
});

test('every key of the schema that takes a secret is known as one', () => {
  const found = [
    ...environmentJsonSchema().matchAll(/"(\w+)": \{\s*"(?:description[^\n]*\s*")?\$ref": "#\/\$defs\/\w*[sS]ecret"/g),
  ];
  expect(new Set(found.map(([, key]) => key))).toEqual(secretKeys);
});
