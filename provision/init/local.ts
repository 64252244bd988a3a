import type { NewFile } from './write.ts';

/**
 * A first environment for one machine: it comes up as it is and watches itself; everything of the user's own stands in it
 * as an example to be filled in.
 */
export function localEnvironment(timezone: string): readonly NewFile[] {
  return [
    { path: 'environment.yaml', content: environment },
    { path: '.env', content: variables(timezone) },
    { path: '.gitignore', content: '.env\n' },
  ];
}

const environment = `# What Lookout watches on this machine. "lookout env check" finds mistakes, "lookout env explain" shows every value with its
# origin, "lookout up" brings it up.

platform: local

# Messages tell the time in this zone. \${TIMEZONE} stands in the .env beside this file.
timezone: \${TIMEZONE}

# Programs with a metrics endpoint:
#
# applications:
#   - name: shop
#     metrics:
#       address: 127.0.0.1:8000
#       path: /metrics
#     convention: prom-client

# Directories into which something writes one dump after the other. They are opened for reading only.
#
# backups:
#   - name: shop
#     directory: /var/backups/shop
#     pattern: shop_%Y%m%d_%H%M%S.sql.gz
#     engine: postgres
#     schedule: 0 3 * * *
#     retention: { age: 30d }

# Directories that may not fill up:
#
# volumes:
#   - name: uploads
#     directory: /srv/shop/uploads
#     size: 10Gi

# Certificates as servers present them, and as they are stored:
#
# certificates:
#   endpoints:
#     - { name: www, address: www.example.com:443 }
#   files:
#     - { name: shop, path: /etc/ssl/shop/fullchain.pem }

# Who is told. Without this section all messages go to the inbox of the stack, a page on this machine. A secret is never
# written here: { env: NAME } or { file: path } says where it is kept.
#
# alertmanager:
#   email:
#     smarthost: smtp.example.com:587
#     from: lookout@example.com
#     to: [you@example.com]
#     user: lookout
#     password: { env: SMTP_PASSWORD }
`;

function variables(timezone: string): string {
  return `# Variables of environment.yaml; this file is kept out of version control.\nTIMEZONE=${timezone}\n`;
}
