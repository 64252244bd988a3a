import { describe, expect, test } from 'vitest';
import { type Given, problemsOf } from './load.ts';

const valid = `platform: local
backups:
  - name: database
    directory: dumps
    pattern: shop_%Y%m%d.sql.gz
    engine: postgres
    schedule: 0 2 * * *
`;

const inCluster = 'platform: kubernetes\nnamespace: shop\n';

interface Case {
  readonly title: string;
  readonly yaml: string;
  readonly given?: Given;
  /** Every problem, in full. */
  readonly problems: readonly string[];
}

const backup = (line: string): string => valid.replace(new RegExp(`${line.split(':')[0]}: .*`), line);

const cases: readonly Case[] = [
  {
    title: 'an empty file',
    yaml: '',
    problems: ['environment.yaml:1: the file is empty; an environment begins with `platform: local`'],
  },
  {
    title: 'a file of comments',
    yaml: '# nothing\n',
    problems: ['environment.yaml:1: the file is empty; an environment begins with `platform: local`'],
  },
  {
    title: 'a tab',
    yaml: 'platform: local\nlocal:\n\tdemonstration: true\n',
    problems: ['environment.yaml:3: a tab indents this line; YAML allows spaces only'],
  },
  {
    title: 'a bracket that is not closed',
    yaml: 'platform: [\n',
    problems: ['environment.yaml:2: the indentation does not fit the lines above, or a bracket above is not closed'],
  },
  {
    title: 'a list instead of keys',
    yaml: '- platform: local\n',
    problems: ['environment.yaml:1: expected keys with values, such as `platform: local`'],
  },
  {
    title: 'a key that stands twice',
    yaml: 'platform: local\nplatform: local\n',
    problems: ['environment.yaml:2: this key stands twice in its section; keep one of them'],
  },
  {
    title: 'a second document',
    yaml: 'platform: local\n---\nplatform: local\n',
    problems: ['environment.yaml:2: a second document begins here (---); an environment is one document'],
  },
  {
    title: 'an alias',
    yaml: 'platform: &p local\nnamespace: *p\n',
    problems: ['environment.yaml:2: namespace: anchors and aliases are not supported; write the value out'],
  },
  {
    title: 'an unknown key close to a known one',
    yaml: 'platform: local\nbackup: []\n',
    problems: [
      'environment.yaml:2: backup: unknown key; did you mean backups? (known here: platform, namespace, timezone, pace, cluster, flavour, operator, delivery, components, images, applications, probes, databases, backups, volumes, certificates, exporter, intervals, prometheus, alertmanager, grafana, jaeger, alerts, local, instances)',
    ],
  },
  {
    title: 'an unknown key deep inside',
    yaml: `${valid}    retention: { ages: 14d, age: 14d }\n`,
    problems: [
      'environment.yaml:8: backups[0].retention.ages: unknown key; did you mean age? (known here: age, tolerance, floor)',
    ],
  },
  {
    title: 'a value that is none of the allowed ones',
    yaml: backup('engine: postgresql'),
    problems: [
      'environment.yaml:6: backups[0].engine: found "postgresql", expected one of postgres, mongodb, sqlite, files; did you mean postgres?',
    ],
  },
  {
    title: 'a text where a list belongs',
    yaml: 'platform: local\nvolumes: data\n',
    problems: ['environment.yaml:2: volumes: found "data", expected a list: volumes'],
  },
  {
    title: 'a list where a text belongs',
    yaml: 'platform: local\nnamespace: [shop]\n',
    problems: [
      'environment.yaml:2: namespace: found a list, expected a name of at most 63 lower-case letters, digits and - such as shop',
    ],
  },
  {
    title: 'a key without a value',
    yaml: 'platform: local\ntimezone:\n',
    problems: [
      'environment.yaml:2: timezone: found nothing, expected a time zone of the IANA database such as Europe/Berlin',
    ],
  },
  {
    title: 'a key that must be there',
    yaml: 'platform: local\nvolumes:\n  - name: data\n',
    problems: ['environment.yaml:3: volumes[0].directory: missing: write where it is'],
  },
  {
    title: 'an unknown time zone',
    yaml: 'platform: local\ntimezone: Asia/Almati\n',
    problems: [
      'environment.yaml:2: timezone: found "Asia/Almati": no time zone of the IANA database; did you mean Asia/Almaty?',
    ],
  },
  {
    title: 'a time zone in the wrong case, which Linux does not find',
    yaml: 'platform: local\ntimezone: europe/berlin\n',
    problems: [
      'environment.yaml:2: timezone: found "europe/berlin": no time zone of the IANA database; did you mean Europe/Berlin?',
    ],
  },
  {
    title: 'an offset instead of a time zone',
    yaml: 'platform: local\ntimezone: "+05:00"\n',
    problems: ['environment.yaml:2: timezone: found "+05:00": no time zone of the IANA database'],
  },
  {
    title: 'a cron field out of range',
    yaml: backup('schedule: 0 25 * * *'),
    problems: ['environment.yaml:7: backups[0].schedule: found "0 25 * * *": hour: "25" is not between 0 and 23'],
  },
  {
    title: 'a cron schedule of six fields',
    yaml: backup('schedule: 0 0 2 * * *'),
    problems: [
      'environment.yaml:7: backups[0].schedule: found "0 0 2 * * *": a cron schedule has five fields (minute, hour, day of month, month, day of week), found 6 in "0 0 2 * * *"',
    ],
  },
  {
    title: 'a pattern that is not understood',
    yaml: backup('pattern: shop_%Q.sql'),
    problems: [
      'environment.yaml:5: backups[0].pattern: found "shop_%Q.sql": the unknown directive "%Q" stands at character 6; known are %Y %y %m %b %d %j %H %M %S %s %z %F %T %%',
    ],
  },
  {
    title: 'a schedule for dumps whose names hold no time',
    yaml: backup('pattern: shop.sql.gz'),
    problems: [
      'environment.yaml:5: backups[0].pattern: has no time, such as %Y%m%d_%H%M%S: which run of the schedule a dump belongs to cannot be told',
    ],
  },
  {
    title: 'a backup with neither schedule nor interval',
    yaml: valid.replace(/ {4}schedule.*\n/, ''),
    problems: [
      'environment.yaml:3: backups[0].schedule: missing: without it nobody can tell when a run was missed; write a cron schedule, or expectedInterval: 25h when there is none',
    ],
  },
  {
    title: 'a backup with both',
    yaml: `${valid}    expectedInterval: 25h\n`,
    problems: ['environment.yaml:8: backups[0].expectedInterval: goes without a schedule only; remove one of the two'],
  },
  {
    title: 'a duration in words',
    yaml: `${valid}    grace: 5 minutes\n`,
    problems: [
      'environment.yaml:8: backups[0].grace: found "5 minutes", expected a duration such as 30s, 5m, 1h30m or 14d',
    ],
  },
  {
    title: 'an interval of nothing',
    yaml: 'platform: local\nintervals: { scrape: 0s }\n',
    problems: [
      'environment.yaml:2: intervals.scrape: found "0s", expected a duration above zero such as 30s, 5m or 1h30m',
    ],
  },
  {
    title: 'a size with a unit that does not exist',
    yaml: 'platform: local\nvolumes:\n  - { name: data, directory: /data, size: 5GB }\n',
    problems: ['environment.yaml:3: volumes[0].size: found "5GB", expected a size such as 64Mi, 2Gi or 500M'],
  },
  {
    title: 'a number that is none',
    yaml: 'platform: local\npace: fast\n',
    problems: ['environment.yaml:2: pace: found "fast", expected a number from 1 to 60'],
  },
  {
    title: 'a boolean that is none',
    yaml: 'platform: local\nlocal: { demonstration: yes }\n',
    problems: ['environment.yaml:2: local.demonstration: found "yes", expected true or false'],
  },
  {
    title: 'two backups with one name',
    yaml: `${valid}${valid.split('\n').slice(2).join('\n')}`,
    problems: ['environment.yaml:8: backups[1].name: the name "database" is taken by the one of line 3'],
  },
  {
    title: 'a server and a file of one name, which would be one series',
    yaml: 'platform: local\ncertificates:\n  files: [{ name: web, path: web.pem }]\n  endpoints: [{ name: web, address: web.test }]\n',
    problems: ['environment.yaml:4: certificates.endpoints[0].name: the name "web" is taken by the one of line 3'],
  },
  {
    title: 'an expected certificate that is not stored',
    yaml: 'platform: local\ncertificates:\n  files: [{ name: shop-web, path: web.pem }]\n  endpoints:\n    - { name: web, address: web.test, expects: shop-wep }\n',
    problems: [
      'environment.yaml:5: certificates.endpoints[0].expects: names no stored certificate (declared are shop-web); did you mean shop-web?',
    ],
  },
  {
    title: 'an application with the name of a scrape job of ours',
    yaml: `platform: local
applications: [{ name: lookout-exporter }, { name: node-exporter }, { name: lookout-database-a }]
databases: [{ name: a, engine: redis, exporter: { existing: 127.0.0.1:9121 } }]
`,
    problems: [
      "environment.yaml:2: applications[0].name: is the name of one of Lookout's own scrape jobs; choose another",
      "environment.yaml:2: applications[1].name: is the name of one of Lookout's own scrape jobs; choose another",
      "environment.yaml:2: applications[2].name: is the name of one of Lookout's own scrape jobs; choose another",
    ],
  },
  {
    title: 'a version that is too old',
    yaml: 'platform: local\nprometheus: { version: 2.30.1 }\n',
    problems: ['environment.yaml:2: prometheus.version: found "2.30.1": Prometheus is supported from 2.42 to 3.x'],
  },
  {
    title: 'a version that does not exist yet',
    yaml: 'platform: local\nalertmanager: { version: 0.40 }\n',
    problems: ['environment.yaml:2: alertmanager.version: found "0.40": Alertmanager is supported from 0.25 to 0.33'],
  },
  {
    title: 'a version that is none',
    yaml: 'platform: local\nprometheus: { version: latest }\n',
    problems: [
      'environment.yaml:2: prometheus.version: found "latest", expected a version of Prometheus from 2.42 to 3.x',
    ],
  },
  {
    title: 'a URL with a password in it, which is not shown',
    yaml: 'platform: local\ngrafana: { url: "https://me:hunter2@grafana.test" }\n',
    problems: ['environment.yaml:2: grafana.url: a URL here carries no user name and no password'],
  },
  {
    title: 'an alert whose name is no name',
    yaml: 'platform: local\nalerts: { backup-missed: { enabled: false } }\n',
    problems: ['environment.yaml:2: alerts.backup-missed: expected the name of an alert such as BackupMissed'],
  },
  {
    title: 'a pace in a cluster',
    yaml: 'platform: kubernetes\nnamespace: shop\npace: 2\nlocal: { demonstration: true }\n',
    problems: [
      'environment.yaml:3: pace: exists on platform local only; remove it',
      'environment.yaml:4: local: exists on platform local only; remove it',
    ],
  },
  {
    title: 'a cluster without namespace',
    yaml: 'platform: kubernetes\n',
    problems: ['environment.yaml:1: namespace: missing: platform kubernetes needs the namespace of the application'],
  },
  {
    title: 'a relative path in a cluster',
    yaml: valid.replace('local', 'kubernetes\nnamespace: shop'),
    problems: [
      'environment.yaml:5: backups[0].directory: expected an absolute path, which is one of the nodes of the cluster',
    ],
  },
  {
    title: 'a claim on one machine',
    yaml: `platform: local
backups: [{ name: a, claim: dumps, pattern: "%F", engine: files, schedule: "@daily" }]
volumes: [{ claim: data }]
certificates: { files: [{ name: web, claim: certificates, path: web.pem }] }
`,
    problems: [
      'environment.yaml:2: backups[0].claim: platform local has no claims; write the directory',
      'environment.yaml:3: volumes[0].claim: platform local has no claims; write the directory',
      'environment.yaml:4: certificates.files[0].claim: platform local has no claims; write the path',
    ],
  },
  {
    title: 'what only a cluster has, on one machine',
    yaml: `${valid}    cronJob: dump
    cleanup: { namespace: jobs, name: delete }
cluster: { distribution: k3s }
certificates: { secrets: [{ name: web, secret: tls }], discover: namespace, certManager: [] }
exporter: { tls: { secret: exporter-tls } }
flavour: standalone
operator: { labels: { release: prometheus } }
delivery: { kind: apply }
components: { grafana: none }
images: { registry: registry.test }
prometheus: { storage: { size: 10Gi } }
alertmanager: { storage: { size: 1Gi } }
grafana: { storage: { size: 1Gi }, access: { gateway: { host: shop.test } } }
`,
    problems: [
      'environment.yaml:8: backups[0].cronJob: exists on platform kubernetes only; remove it',
      'environment.yaml:9: backups[0].cleanup: exists on platform kubernetes only; remove it',
      'environment.yaml:10: cluster: exists on platform kubernetes only; remove it',
      'environment.yaml:11: certificates.secrets: exists on platform kubernetes only; remove it',
      'environment.yaml:11: certificates.discover: exists on platform kubernetes only; remove it',
      'environment.yaml:11: certificates.certManager: exists on platform kubernetes only; remove it',
      'environment.yaml:12: exporter.tls: exists on platform kubernetes only; remove it',
      'environment.yaml:13: flavour: exists on platform kubernetes only; remove it',
      'environment.yaml:14: operator: exists on platform kubernetes only; remove it',
      'environment.yaml:15: delivery: exists on platform kubernetes only; remove it',
      'environment.yaml:16: components: exists on platform kubernetes only; remove it',
      'environment.yaml:17: images: exists on platform kubernetes only; remove it',
      'environment.yaml:18: prometheus.storage: exists on platform kubernetes only; remove it',
      'environment.yaml:19: alertmanager.storage: exists on platform kubernetes only; remove it',
      'environment.yaml:20: grafana.storage: exists on platform kubernetes only; remove it',
      'environment.yaml:20: grafana.access: exists on platform kubernetes only; remove it',
    ],
  },
  {
    title: 'a backup without a place in a cluster',
    yaml: valid.replace('local', 'kubernetes\nnamespace: shop').replace(/ {4}directory.*\n/, ''),
    problems: [
      'environment.yaml:4: backups[0].directory: missing: write where it is on the node, or the claim that it is in',
    ],
  },
  {
    title: 'paths that are not in their claim',
    yaml: `platform: kubernetes
namespace: shop
volumes: [{ name: a, claim: data, directory: /uploads }, { name: b, claim: data, directory: ../other }]
certificates: { files: [{ name: web, claim: data, path: tls/../../web.pem }] }
`,
    problems: [
      'environment.yaml:3: volumes[0].directory: begins at the root of the claim; write it without the leading /',
      'environment.yaml:3: volumes[1].directory: leaves the claim: .. is not allowed',
      'environment.yaml:4: certificates.files[0].path: leaves the claim: .. is not allowed',
    ],
  },
  {
    title: 'a claim that no pod of ours can mount',
    yaml: 'platform: kubernetes\nnamespace: shop\nvolumes: [{ name: a, claim: data, directory: uploads, namespace: other }]\n',
    problems: [
      'environment.yaml:3: volumes[0].namespace: a pod mounts only claims of its own namespace, which is that of the environment',
    ],
  },
  {
    title: 'another name for a whole claim, and a claim that stands twice',
    yaml: 'platform: kubernetes\nnamespace: shop\nvolumes:\n  - { claim: data, name: uploads }\n  - claim: dumps\n  - { claim: dumps, namespace: shop }\n',
    problems: [
      'environment.yaml:4: volumes[0].name: a claim that is measured as a whole goes by its own name; remove this one',
      'environment.yaml:6: volumes[2].name: the name "dumps" is taken by the one of line 5',
    ],
  },
  {
    title: 'a CronJob that is no name',
    yaml: `${valid.replace('local', 'kubernetes\nnamespace: shop').replace('dumps', '/dumps')}    cronJob: [dump]\n    cleanup: { name: Delete }\n`,
    problems: [
      'environment.yaml:9: backups[0].cronJob: found a list, expected the name of a CronJob, or a section with namespace and name',
      'environment.yaml:10: backups[0].cleanup: found a section, expected the name of a CronJob, or a section with namespace and name',
    ],
  },
  {
    title: 'a password for a certificate whose name is none of a file',
    yaml: 'platform: local\ncertificates: { files: [{ name: shop.test, path: shop.p12, password: { env: P12 } }] }\n',
    problems: [
      'environment.yaml:2: certificates.files[0].name: the password is kept in a file of this name, which has no .',
    ],
  },
  {
    title: 'a protocol that has no STARTTLS here',
    yaml: 'platform: local\ncertificates: { endpoints: [{ name: mail, address: "mail.test:110", starttls: pop3 }] }\n',
    problems: [
      'environment.yaml:2: certificates.endpoints[0].starttls: found "pop3", expected one of smtp, imap, postgres',
    ],
  },
  {
    title: 'an authority beside a Secret, which different pods read',
    yaml: 'platform: kubernetes\nnamespace: shop\ncertificates:\n  secrets: [{ name: web, secret: tls }]\n  endpoints: [{ name: server, address: shop.test, authority: /ca.pem, expects: web }]\n',
    problems: [
      'environment.yaml:5: certificates.endpoints[0].expects: names a Secret, which no pod reads that also reads the file of an authority; remove one of the two',
    ],
  },
  {
    title: 'the name of a Secret that is none',
    yaml: 'platform: kubernetes\nnamespace: shop\ncertificates: { secrets: [{ name: web, secret: Web_TLS }], discover: yes }\n',
    problems: [
      'environment.yaml:3: certificates.secrets[0].secret: found "Web_TLS", expected the name of a Kubernetes object: lower-case letters, digits, - and .',
      'environment.yaml:3: certificates.discover: found "yes", expected one of namespace, everywhere',
    ],
  },
  {
    title: 'a directory of the provisioner that is no path of a node',
    yaml: 'platform: kubernetes\nnamespace: shop\ncluster: { distribution: k3, localPath: storage }\n',
    problems: [
      'environment.yaml:3: cluster.distribution: found "k3", expected one of kubernetes, k3s, openshift; did you mean k3s?',
      'environment.yaml:3: cluster.localPath: found "storage", expected an absolute path such as /var/lib/rancher/k3s/storage',
    ],
  },
  {
    title: 'settings of what is not installed',
    yaml: `${inCluster}components: { prometheus: { existing: "prometheus.monitoring:9090" }, alertmanager: none, grafana: none }
prometheus: { storage: { size: 20Gi } }
alertmanager: { storage: { claim: silences } }
grafana: { storage: { size: 1Gi }, access: { gateway: { host: shop.test } } }
`,
    problems: [
      'environment.yaml:4: prometheus.storage: counts where it is installed, and components.prometheus says otherwise; remove one of the two',
      'environment.yaml:5: alertmanager.storage: counts where it is installed, and components.alertmanager says otherwise; remove one of the two',
      'environment.yaml:6: grafana.storage: counts where it is installed, and components.grafana says otherwise; remove one of the two',
      'environment.yaml:6: grafana.access: counts where it is installed, and components.grafana says otherwise; remove one of the two',
    ],
  },
  {
    title: 'a Grafana without anything to show, and alerts that reach nobody',
    yaml: `${inCluster}components: { prometheus: none }
instances: [{ name: prod }, { name: dev, components: { prometheus: install, alertmanager: none } }]
`,
    problems: [
      'environment.yaml:3: components.prometheus: Grafana would have nothing to show; write {existing: <host:port>} of one that is there, or install it',
      'environment.yaml:4: instances[1].components.alertmanager: the alerts of Prometheus would reach nobody; write {existing: <host:port>} of one that is there, or install it',
    ],
  },
  {
    title: 'a component that is neither installed nor there',
    yaml: `${inCluster}components:\n  prometheus: { existing: prometheus }\n  alertmanager: external\n  loki: install\n`,
    problems: [
      'environment.yaml:4: components.prometheus: found a section, expected install, none, or {existing: <host:port>} for one that is there already',
      'environment.yaml:5: components.alertmanager: found "external", expected install, none, or {existing: <host:port>} for one that is there already',
      'environment.yaml:6: components.loki: unknown key (known here: prometheus, alertmanager, grafana, kubeStateMetrics, nodeExporter, otelCollector, jaeger, blackbox, postgresExporter, mongodbExporter, redisExporter)',
    ],
  },
  {
    title: 'traces both in memory and on a claim',
    yaml: `${inCluster}components: { jaeger: install }\njaeger: { memory: 500, retention: 3d, storage: { size: 1Gi } }\n`,
    problems: [
      'environment.yaml:4: jaeger.storage: is of a claim, and jaeger.memory keeps traces without one; remove one of the two',
      'environment.yaml:4: jaeger.retention: is of a claim, and jaeger.memory keeps traces without one; remove one of the two',
    ],
  },
  {
    title: 'more traces than there is memory for, and a Jaeger that is not installed',
    yaml: `${inCluster}jaeger: { memory: 90000 }\n`,
    problems: [
      'environment.yaml:3: jaeger.memory: counts where it is installed, and components.jaeger says otherwise; remove one of the two',
      'environment.yaml:3: jaeger.memory: found "90000", expected a whole number from 100 to 50000',
    ],
  },
  {
    title: 'probes that nobody could ask',
    yaml: `${inCluster}components: { blackbox: none }
probes:
  - name: login
  - { name: login, url: "https://me:secret@shop.test/", tcp: "shop:1" }
  - { name: shop, url: shop.test, status: [200, 99] }
  - { name: database, tcp: database:5432, status: [200], timeout: 20s }
  - { name: mail, tcp: mail:25, module: smtp }
`,
    problems: [
      'environment.yaml:3: components.blackbox: nobody asks the probes; remove it, or write {existing: <host:port>}',
      'environment.yaml:5: probes[0].url: missing: write the page as url, or the server as tcp: host:port',
      'environment.yaml:6: probes[1].name: the name "login" is taken by the one of line 5',
      'environment.yaml:6: probes[1].tcp: stands beside url; one of them is enough',
      'environment.yaml:6: probes[1].url: a URL here carries no user name and no password',
      'environment.yaml:7: probes[2].url: found "shop.test", expected the URL of a page such as https://shop.example.com/login',
      'environment.yaml:7: probes[2].status[1]: found "99", expected a status code such as 200',
      'environment.yaml:8: probes[3].status: goes with url only; remove it',
      'environment.yaml:8: probes[3].timeout: a timeout of 20s does not fit into an interval of 15s',
      'environment.yaml:9: probes[4].module: is for a blackbox exporter that is there already (components.blackbox); remove it',
    ],
  },
  {
    title: 'probes that a blackbox exporter of others asks in its own way',
    yaml: `${inCluster}components: { blackbox: { existing: "blackbox.monitoring:9115" } }
probes:
  - { name: login, url: "https://shop.test/", contains: Log in, redirects: false }
`,
    problems: [
      'environment.yaml:5: probes[0].redirects: is said in the configuration of the blackbox exporter that is there already; name its module',
      'environment.yaml:5: probes[0].contains: is said in the configuration of the blackbox exporter that is there already; name its module',
    ],
  },
  {
    title: 'databases into which no exporter gets',
    yaml: `${inCluster}databases:
  - { name: a, engine: mysql, address: a }
  - { name: b, engine: postgres }
  - { name: c, engine: mongodb, address: mongodb, password: { env: PASSWORD } }
  - { name: d, engine: redis, address: redis, database: cache, user: me }
  - { name: e, engine: postgres, address: "e:99999", user: me, tls: maybe }
  - { name: f, engine: postgres, connection: { env: URL }, tls: verified }
  - { name: a-name-of-more-than-forty-characters-is-cut, engine: redis, address: redis }
  - { name: b, engine: redis, address: redis }
`,
    problems: [
      'environment.yaml:4: databases[0].engine: found "mysql", expected one of postgres, mongodb, redis',
      'environment.yaml:5: databases[1].address: missing: write where the database is, or its connection',
      'environment.yaml:5: databases[1].user: missing: PostgreSQL lets nobody in without a name',
      'environment.yaml:6: databases[2].user: missing: the password is of a user',
      'environment.yaml:7: databases[3].database: databases of redis have no names; remove it',
      'environment.yaml:7: databases[3].password: missing: with a user goes a password',
      'environment.yaml:8: databases[4].address: found "e:99999", expected a server as host or host:port such as shop.example.com:443',
      'environment.yaml:8: databases[4].tls: found "maybe", expected one of none, encrypted, verified',
      'environment.yaml:9: databases[5].tls: is said in the connection; remove one of the two',
      'environment.yaml:10: databases[6].name: found "a-name-of-more-than-forty-characters-is-cut", expected a name of at most 40 lower-case letters, digits and - such as shop',
      'environment.yaml:11: databases[7].name: the name "b" is taken by the one of line 5',
    ],
  },
  {
    title: 'a database whose password, user or connection is written',
    yaml: `${inCluster}databases:
  - { name: a, engine: postgres, connection: "postgresql://me:hunter2@a/b" }
  - { name: b, engine: redis, address: redis, user: { name: hunter2 }, password: hunter2 }
`,
    problems: [
      'environment.yaml:4: databases[0].connection: a secret is never written here, neither itself nor as a variable; write where it is kept: {secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}',
      'environment.yaml:5: databases[1].user: found a section, expected a name, or {secret: <Kubernetes Secret>, key: <key>} where it is kept',
      'environment.yaml:5: databases[1].password: a secret is never written here, neither itself nor as a variable; write where it is kept: {secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}',
    ],
  },
  {
    title: 'exporters that are there already and are told how to get in, or shared, or nobody',
    yaml: `${inCluster}components:
  postgresExporter: { existing: postgres-exporter:9187 }
  mongodbExporter: none
  redisExporter: install
databases:
  - { name: a, engine: postgres, address: a, user: me }
  - { name: b, engine: postgres }
  - { name: c, engine: postgres, exporter: none }
  - { name: d, engine: mongodb, address: mongodb }
`,
    problems: [
      'environment.yaml:5: components.mongodbExporter: nobody tells of the databases of engine mongodb; remove it, or write {existing: <host:port>}',
      'environment.yaml:6: components.redisExporter: no database of engine redis is declared; remove it',
      'environment.yaml:8: databases[0].address: is known to the exporter that is there already; remove it',
      'environment.yaml:8: databases[0].user: is known to the exporter that is there already; remove it',
      'environment.yaml:9: databases[1].exporter: postgres-exporter:9187 tells of the database a already; each has an exporter of its own',
      'environment.yaml:10: databases[2].exporter: found "none", expected install, or {existing: <host:port>} for one that is there already',
    ],
  },
  {
    title: 'on one machine an exporter that would be installed',
    yaml: 'platform: local\ndatabases:\n  - { name: a, engine: postgres, address: a, user: me }\n',
    problems: [
      'environment.yaml:3: databases[0].exporter: platform local installs no exporters; write {existing: <host:port>} of one that runs',
    ],
  },
  {
    title: 'claims that contradict themselves',
    yaml: `${inCluster}prometheus: { storage: { claim: metrics, class: fast } }
alertmanager: { storage: { size: 0 } }
`,
    problems: [
      'environment.yaml:3: prometheus.storage.class: a claim that exists has its class already; remove one of the two',
      'environment.yaml:3: prometheus.retention.size: missing: how much the claim holds is not known here; write it, or prometheus.storage.size',
      'environment.yaml:4: alertmanager.storage.size: found "0", expected a size such as 64Mi, 2Gi or 500M',
    ],
  },
  {
    title: 'several pods of what has one claim, or is not ours',
    yaml: `${inCluster}prometheus: { replicas: 2, storage: { claim: metrics, size: 20Gi } }
alertmanager: { replicas: 2 }
components: { alertmanager: { existing: "alertmanager:9093" } }
`,
    problems: [
      'environment.yaml:3: prometheus.storage.claim: a claim holds the data of one, and there are 2; let each have one of its own, or remove replicas',
      'environment.yaml:4: alertmanager.replicas: counts where it is installed, and components.alertmanager says otherwise; remove one of the two',
    ],
  },
  {
    title: 'pods in no number, and on one machine',
    yaml: `platform: local
prometheus: { replicas: 0 }
alertmanager: { replicas: 2 }
`,
    problems: [
      'environment.yaml:2: prometheus.replicas: exists on platform kubernetes only; remove it',
      'environment.yaml:2: prometheus.replicas: found "0", expected a whole number from 1 to 9',
      'environment.yaml:3: alertmanager.replicas: exists on platform kubernetes only; remove it',
    ],
  },
  {
    title: 'more samples than the claim holds',
    yaml: `${inCluster}prometheus: { retention: { size: 10Gi } }\n`,
    problems: [
      'environment.yaml:3: prometheus.retention.size: does not fit into the claim of 10Gi, in which the write-ahead log lies too; four fifths of it do',
    ],
  },
  {
    title: 'rights that are not there',
    yaml: `${inCluster}cluster: { access: namespace }
certificates: { discover: everywhere }
volumes: [{ claim: data, namespace: other }]
`,
    problems: [
      'environment.yaml:4: certificates.discover: cluster.access: namespace gives no right to other namespaces; write namespace',
      'environment.yaml:5: volumes[0].namespace: a pod mounts only claims of its own namespace, which is that of the environment',
    ],
  },
  {
    title: 'claims in another namespace than our pods',
    yaml: `${inCluster}cluster: { namespace: monitoring }
backups: [{ name: a, claim: dumps, pattern: "%F", engine: files, schedule: "@daily" }]
volumes: [{ claim: data }, { name: b, claim: data, directory: b }]
certificates: { files: [{ name: web, claim: tls, path: web.pem }] }
`,
    problems: [
      'environment.yaml:4: backups[0].claim: is in another namespace than our pods (cluster.namespace: monitoring), and a pod mounts claims of its own only',
      'environment.yaml:5: volumes[1].claim: is in another namespace than our pods (cluster.namespace: monitoring), and a pod mounts claims of its own only',
      'environment.yaml:6: certificates.files[0].claim: is in another namespace than our pods (cluster.namespace: monitoring), and a pod mounts claims of its own only',
    ],
  },
  {
    title: 'two ways to Grafana, or none',
    yaml: `${inCluster}grafana: { access: { ingress: { host: a.test }, route: { host: a.test } } }
instances: [{ name: prod }, { name: dev, grafana: { access: {} } }]
`,
    problems: [
      'environment.yaml:3: grafana.access.route: stands beside ingress; one of them is enough',
      'environment.yaml:3: grafana.access.route: only OpenShift has Routes; write cluster.distribution: openshift, or ingress',
    ],
  },
  {
    title: 'a way to Grafana that is none',
    yaml: `${inCluster}grafana: { access: {} }\n`,
    problems: ['environment.yaml:3: grafana.access: expected one of ingress, route, gateway'],
  },
  {
    title: 'ways to log in that are none, too many, or for everybody',
    yaml: `${inCluster}grafana:
  auth:
    proxy: { header: "X User", from: [everywhere, 10.0.0.0/33] }
    oidc: { client: grafana, clientSecret: hunter2, authUrl: a, tokenUrl: https://a.test, apiUrl: https://a.test }
instances: [{ name: prod }, { name: dev, grafana: { auth: { proxy: { from: [] } } } }]
`,
    problems: [
      'environment.yaml:5: grafana.auth.proxy.header: found "X User", expected the name of an HTTP header such as X-WEBAUTH-USER',
      'environment.yaml:5: grafana.auth.proxy.from[0]: found "everywhere", expected a network such as 10.42.0.0/16, or an IP address',
      'environment.yaml:5: grafana.auth.proxy.from[1]: found "10.0.0.0/33", expected a network such as 10.42.0.0/16, or an IP address',
      'environment.yaml:6: grafana.auth.oidc: stands beside proxy; one of them is enough',
      'environment.yaml:6: grafana.auth.oidc: the provider sends people back to the address of Grafana; write grafana.access',
      'environment.yaml:6: grafana.auth.oidc.clientSecret: a secret is never written here, neither itself nor as a variable; write where it is kept: {secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}',
      'environment.yaml:6: grafana.auth.oidc.authUrl: found "a", expected a URL such as https://grafana.example.com',
      'environment.yaml:7: instances[1].grafana.auth.proxy.from: found an empty list, expected at least one network: from anywhere else a header would make anybody of everybody',
    ],
  },
  {
    title: 'keys of tokens that come unencrypted, and a provider that cannot send people back',
    yaml: `${inCluster}grafana:
  auth:
    jwt: { jwkSetUrl: "http://a.test/keys", issuer: a }
    oidc: { client: a, clientSecret: { env: A }, authUrl: https://a.test, tokenUrl: https://a.test, apiUrl: https://a.test }
`,
    problems: [
      'environment.yaml:5: grafana.auth.jwt.jwkSetUrl: Grafana takes keys by https only',
      'environment.yaml:6: grafana.auth.oidc: stands beside jwt; one of them is enough',
      'environment.yaml:6: grafana.auth.oidc: the provider sends people back to the address of Grafana; write grafana.access',
    ],
  },
  {
    title: 'what operators run, installed or with settings of our own',
    yaml: `${inCluster}flavour: operator
components: { prometheus: install }
alertmanager: { storage: { size: 2Gi } }
`,
    problems: [
      'environment.yaml:4: components.prometheus: with flavour: operator the operator runs it; write {existing: <host:port>} of its Service',
      'environment.yaml:5: alertmanager.storage: counts where it is installed, and flavour says otherwise; remove one of the two',
    ],
  },
  {
    title: 'labels for operators that are not there, and such as are none',
    yaml: `${inCluster}operator: { labels: { release: "the one" }, dashboards: files }\n`,
    problems: [
      'environment.yaml:3: operator: goes with flavour: operator only; remove it',
      'environment.yaml:3: operator.labels.release: found "the one", expected the value of a label: at most 63 letters, digits, -, _ and .',
      'environment.yaml:3: operator.dashboards: found "files", expected one of grafana-operator, sidecar, none',
    ],
  },
  {
    title: 'a namespace of its own for objects that operators read',
    yaml: `${inCluster}flavour: operator
cluster: { namespace: monitoring }
`,
    problems: [
      'environment.yaml:4: cluster.namespace: with flavour: operator the objects lie where the watched is: operators take nothing over the border of a namespace; remove it',
    ],
  },
  {
    title: 'what goes with files, where nobody reads files',
    yaml: `${inCluster}delivery: { kind: apply, gitops: flux, sops: [age1${'q'.repeat(58)}] }\n`,
    problems: [
      'environment.yaml:3: delivery.gitops: goes with kind: files only; remove it',
      'environment.yaml:3: delivery.sops: goes with kind: files only; remove it',
    ],
  },
  {
    title: 'a source of files for nobody',
    yaml: `${inCluster}delivery: { kind: files, source: { repository: a, path: b } }\n`,
    problems: ['environment.yaml:3: delivery.source: is where Flux or Argo CD find the files; say which with gitops'],
  },
  {
    title: 'a revision that Flux has elsewhere',
    yaml: `${inCluster}delivery: { kind: files, gitops: flux, source: { repository: a, path: b, revision: main } }\n`,
    problems: ['environment.yaml:3: delivery.source.revision: Flux has it in its GitRepository; remove it'],
  },
  {
    title: 'the secret key of a recipient, which is not shown',
    yaml: `${inCluster}delivery: { kind: files, gitops: argo, sops: [AGE-SECRET-KEY-1CANARY] }\n`,
    problems: [
      'environment.yaml:3: delivery.gitops: found "argo", expected one of flux, argocd',
      'environment.yaml:3: delivery.sops[0]: expected a recipient of age: age1 and 58 characters; its secret key is never written here',
    ],
  },
  {
    title: 'a registry with a scheme',
    yaml: `${inCluster}images: { registry: "https://registry.test" }\n`,
    problems: [
      'environment.yaml:3: images.registry: found "https://registry.test", expected a registry such as registry.example.com/lookout',
    ],
  },
  {
    title: 'a receiver of traces that is no URL',
    yaml: 'platform: local\nexporter: { traces: "otel-collector:4318" }\n',
    problems: [
      'environment.yaml:2: exporter.traces: found "otel-collector:4318", expected a URL such as https://grafana.example.com',
    ],
  },
  {
    title: 'a path that begins with ~',
    yaml: backup('directory: ~/dumps'),
    problems: [
      'environment.yaml:4: backups[0].directory: found "~/dumps": ~ is not expanded; write the path out, or take the variable HOME',
    ],
  },
  {
    title: 'receivers in a cluster without their servers',
    yaml: 'platform: kubernetes\nnamespace: shop\nalertmanager:\n  email: { from: a@b.test }\n  slack: {}\n',
    problems: [
      'environment.yaml:4: alertmanager.email.smarthost: missing: only platform local has an inbox that takes its place',
      'environment.yaml:4: alertmanager.email.to: missing: a mail server of your own needs it',
      'environment.yaml:5: alertmanager.slack.webhook: missing: only platform local has an inbox that takes its place',
      'environment.yaml:5: alertmanager.slack.channel: missing; expected a channel such as "#alerts"',
    ],
  },
  {
    title: 'mail without encryption to another machine',
    yaml: 'platform: local\nalertmanager:\n  email: { smarthost: mail.test:25, from: a@b.test, to: [c@d.test], tls: false }\n',
    problems: [
      'environment.yaml:3: alertmanager.email.tls: mail to another machine is always encrypted; false is for a server on loopback',
    ],
  },
  {
    title: 'a user without password',
    yaml: 'platform: local\nalertmanager:\n  email: { smarthost: mail.test:587, from: a@b.test, to: [c@d.test], user: me }\n',
    problems: [
      'environment.yaml:3: alertmanager.email.password: missing: user is given, and a mail server asks for both or neither',
    ],
  },
  {
    title: 'a password for the inbox',
    yaml: 'platform: local\nalertmanager:\n  email: { user: me, password: { env: SMTP } }\n',
    problems: [
      'environment.yaml:3: alertmanager.email.user: goes with a smarthost only; the inbox takes mail without it',
      'environment.yaml:3: alertmanager.email.password: goes with a smarthost only; the inbox takes mail without it',
    ],
  },
  {
    title: 'a Kubernetes Secret on one machine',
    yaml: 'platform: local\nalertmanager: { heartbeat: { secret: watchdog, key: url } }\n',
    problems: [
      'environment.yaml:2: alertmanager.heartbeat: platform local has no Kubernetes Secrets; write {env: <VARIABLE>} or {file: <path>}',
    ],
  },
  {
    title: 'a variable that is not set',
    yaml: `platform: local\ntimezone: \${ZONE}\n`,
    problems: [
      'environment.yaml:2: timezone: the variable ZONE is not set; write ZONE=... in .env, or set it in the process environment',
    ],
  },
  {
    title: 'a variable that an example explains',
    yaml: `platform: local\ntimezone: \${ZONE}\n`,
    given: { files: { '.env.example': 'ZONE=UTC\n' } },
    problems: [
      'environment.yaml:2: timezone: the variable ZONE is not set; write ZONE=... in .env, or set it in the process environment; .env.example beside it shows how',
    ],
  },
  {
    title: 'an expression instead of a variable',
    yaml: `platform: local\ntimezone: \${ZONE:-UTC}\nnamespace: \${NAME\n`,
    problems: [
      `environment.yaml:2: timezone: \`\${ZONE:-UTC}\` is not \${NAME}; between the braces stands the name of a variable and nothing else`,
      `environment.yaml:3: namespace: \`\${NAME\` is not \${NAME}; between the braces stands the name of a variable and nothing else`,
    ],
  },
  {
    title: 'a variable with a value that does not fit',
    yaml: `platform: local\ntimezone: \${ZONE}\n`,
    given: { files: { '.env': '# zone\nZONE=Mars/Olympus\n' } },
    problems: [
      `environment.yaml:2: timezone: found "\${ZONE}" (filled from .env:2 ZONE), expected a time zone of the IANA database such as Europe/Berlin`,
    ],
  },
  {
    title: 'a file of variables that does not exist',
    yaml: 'platform: local\n',
    given: { envFile: '/environments/shop/.env.prod' },
    problems: ['.env.prod: no such file of variables'],
  },
  {
    title: 'a folder whose name cannot be part of names',
    yaml: 'platform: local\n',
    given: { folder: '/environments/My Shop' },
    problems: [
      'environment.yaml: the folder\'s name "My Shop" becomes part of object names: at most 42 lower-case letters, digits and -',
    ],
  },
  {
    title: 'instances without names, and two of one name',
    yaml: 'platform: local\ninstances:\n  - namespace: shop\n  - name: prod\n  - name: prod\n  - staging\n',
    problems: [
      'environment.yaml:3: instances[0].name: expected a name of at most 20 lower-case letters, digits and - such as staging',
      'environment.yaml:5: instances[2].name: two instances are called prod',
      'environment.yaml:6: instances[3]: expected a section with a name',
    ],
  },
  {
    title: 'no instance at all',
    yaml: 'platform: local\ninstances: []\n',
    problems: ['environment.yaml:2: instances: expected a list with a name for each instance'],
  },
  {
    title: 'an instance that does not exist',
    yaml: 'platform: local\ninstances: [{ name: staging }]\n',
    given: { instance: 'stagin' },
    problems: [
      'environment.yaml:2: instances: there is no instance stagin (declared are staging); did you mean staging?',
    ],
  },
];

describe('a mistake is told once, at its line, with what is allowed:', () => {
  test.each(cases)('$title', ({ yaml, given, problems }) => {
    expect(problemsOf(yaml, given)).toEqual(problems);
  });

  test('the environment that they start from is valid', () => expect(problemsOf(valid)).toEqual([]));
});

describe('all mistakes are told at once', () => {
  test('whatever their kind', () => {
    const yaml = `platform: lokal
timezone: \${ZONE}
backup: []
backups:
  - { name: a, directory: d, pattern: "%F", engine: files, schedule: 61 * * * * }
  - { name: a, directory: d, pattern: "%F", engine: files, schedule: 1 * * * * }
`;
    expect(problemsOf(yaml).map((problem) => problem.split(': ')[1])).toEqual([
      'platform',
      'timezone',
      'backup',
      'backups[0].schedule',
      'backups[1].name',
    ]);
  });

  test('and what stands above the instances only once', () => {
    const yaml =
      'platform: kubernetes\npace: 3\ninstances:\n  - { name: prod, namespace: a }\n  - { name: dev, volumes: [{}] }\n';
    expect(problemsOf(yaml)).toEqual([
      'environment.yaml:2: pace: exists on platform local only; remove it',
      'environment.yaml:5: instances[1].volumes[0].name: missing: only a claim has a name already',
      'environment.yaml:5: instances[1].volumes[0].directory: missing: write where it is on the node, or the claim that it is in',
      'environment.yaml:5: instances[1].namespace: missing: platform kubernetes needs the namespace of the application',
    ]);
  });
});
