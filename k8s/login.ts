import type { GrafanaAuth } from '../stack/types.ts';

/**
 * Grafana's settings for those who log in otherwise than the admin, who keeps the password: Lookout proves and provisions as
 * the admin. Whoever comes for the first time becomes a Viewer unless a role is told. Source: Grafana documentation, "Configure
 * auth proxy authentication", "Configure JWT authentication", "Configure generic OAuth authentication".
 *
 * @param directory where the pod finds `credentials/`.
 */
export function login(auth: GrafanaAuth | null, directory: string): Readonly<Record<string, string>> {
  if (auth === null) return {};
  switch (auth.kind) {
    case 'proxy':
      return prefixed('GF_AUTH_PROXY', {
        ENABLED: 'true',
        HEADER_NAME: auth.header,
        HEADER_PROPERTY: 'username',
        AUTO_SIGN_UP: 'true',
        WHITELIST: auth.from.join(', '),
      });
    case 'jwt':
      return prefixed('GF_AUTH_JWT', {
        ENABLED: 'true',
        HEADER_NAME: auth.header,
        JWK_SET_URL: auth.jwkSetUrl,
        // A key set is often shared: a token that was issued for something else is none for Grafana.
        EXPECT_CLAIMS: JSON.stringify({ iss: auth.issuer, ...(auth.audience === null ? {} : { aud: auth.audience }) }),
        USERNAME_CLAIM: auth.user,
        EMAIL_CLAIM: auth.email,
        AUTO_SIGN_UP: 'true',
        ...role(auth.role),
      });
    case 'oidc':
      return prefixed('GF_AUTH_GENERIC_OAUTH', {
        ENABLED: 'true',
        NAME: auth.name,
        ALLOW_SIGN_UP: 'true',
        CLIENT_ID: auth.client,
        CLIENT_SECRET__FILE: `${directory}/credentials/${auth.clientSecret}`,
        SCOPES: auth.scopes.join(' '),
        AUTH_URL: auth.authUrl,
        TOKEN_URL: auth.tokenUrl,
        API_URL: auth.apiUrl,
        USE_PKCE: 'true',
        ...role(auth.role),
      });
  }
}

function role(expression: string | null): Readonly<Record<string, string>> {
  return expression === null ? {} : { ROLE_ATTRIBUTE_PATH: expression };
}

function prefixed(section: string, settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${section}_${name}`, value]));
}
