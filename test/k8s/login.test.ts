import { expect, test } from 'vitest';
import { login } from '../../k8s/login.ts';

const jwt = {
  kind: 'jwt',
  header: 'X-JWT-Assertion',
  jwkSetUrl: 'https://sso.example.com/keys',
  issuer: 'https://sso.example.com',
  audience: null,
  user: 'sub',
  email: 'email',
  role: null,
} as const;

test('nobody but the admin logs in unless it is asked for', () => expect(login(null, '/etc/lookout')).toEqual({}));

test('a header is believed from the networks of its proxy only', () => {
  expect(login({ kind: 'proxy', header: 'X-User', from: ['10.0.0.0/8', '::1'] }, '/etc/lookout')).toEqual({
    GF_AUTH_PROXY_ENABLED: 'true',
    GF_AUTH_PROXY_HEADER_NAME: 'X-User',
    GF_AUTH_PROXY_HEADER_PROPERTY: 'username',
    GF_AUTH_PROXY_AUTO_SIGN_UP: 'true',
    GF_AUTH_PROXY_WHITELIST: '10.0.0.0/8, ::1',
  });
});

test('a token is taken of its issuer, and for its audience where one is named', () => {
  const claims = (more: object) => login({ ...jwt, ...more }, '/etc/lookout')['GF_AUTH_JWT_EXPECT_CLAIMS'];
  expect(claims({})).toBe('{"iss":"https://sso.example.com"}');
  expect(claims({ audience: 'grafana' })).toBe('{"iss":"https://sso.example.com","aud":"grafana"}');
  expect(login(jwt, '/etc/lookout')).not.toHaveProperty('GF_AUTH_JWT_ROLE_ATTRIBUTE_PATH');
});

test('the secret of a client is read from its file', () => {
  const settings = login(
    {
      kind: 'oidc',
      name: 'SSO',
      client: 'grafana',
      clientSecret: 'grafana-client-secret',
      authUrl: 'https://a.test',
      tokenUrl: 'https://b.test',
      apiUrl: 'https://c.test',
      scopes: ['openid', 'groups'],
      role: "'Editor'",
    },
    '/etc/lookout',
  );
  expect(settings).toMatchObject({
    GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET__FILE: '/etc/lookout/credentials/grafana-client-secret',
    GF_AUTH_GENERIC_OAUTH_SCOPES: 'openid groups',
    GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_PATH: "'Editor'",
  });
  expect(settings).not.toHaveProperty('GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET');
});
