import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import { credentialPath, isOurs, jaegerAddress, type OutputFile, type Stack } from '../stack/types.ts';
import { jaegerDatasource, ownDatasource } from './kit/variables.ts';

/**
 * What a Grafana of one's own reads on its start: where Prometheus is, and where the dashboards lie. Grafana resolves both
 * relative paths in them against its working directory (its home), where `credentials/` and `dashboards/` are to be put.
 * Format: Grafana documentation, "Provision Grafana".
 */
export function provisioningFiles(stack: Stack): readonly OutputFile[] {
  return [
    file('datasources', { apiVersion: 1, datasources: [datasource(stack), ...traces(stack)] }),
    file('dashboards', { apiVersion: 1, providers: [provider] }),
  ];
}

function file(kind: string, content: object): OutputFile {
  return { path: `grafana/provisioning/${kind}/lookout.yaml`, content: stringify(content, { lineWidth: 0 }) };
}

function datasource(stack: Stack) {
  const { prometheus, intervals } = stack;
  const { uid, name } = ownDatasource(stack);
  return {
    name,
    uid,
    type: 'prometheus',
    access: 'proxy',
    url: `http://${prometheus.address}`,
    isDefault: true,
    editable: false,
    ...(isOurs(stack, 'prometheus') ? credentials(prometheus) : {}),
    jsonData: {
      httpMethod: 'POST',
      prometheusType: 'Prometheus',
      prometheusVersion: prometheus.version,
      timeInterval: formatDuration(intervals.scrape),
    },
  };
}

/** Grafana asks Jaeger itself. Source: Grafana documentation, "Jaeger data source", provisioning. */
function traces(stack: Stack): readonly object[] {
  const address = stack.cluster === null ? null : jaegerAddress(stack.cluster);
  if (address === null) return [];
  const { uid, name } = jaegerDatasource(stack);
  return [
    {
      name,
      uid,
      type: 'jaeger',
      access: 'proxy',
      url: `http://${address}`,
      isDefault: false,
      editable: false,
      jsonData: { nodeGraph: { enabled: true } },
    },
  ];
}

function credentials({ user, password }: Stack['prometheus']) {
  return {
    basicAuth: true,
    basicAuthUser: user,
    secureJsonData: { basicAuthPassword: `$__file{${credentialPath(password)}}` },
  };
}

const provider = {
  name: 'lookout',
  folder: 'Lookout',
  folderUid: 'lookout',
  type: 'file',
  disableDeletion: false,
  allowUiUpdates: false,
  options: { path: 'dashboards', foldersFromFilesStructure: false },
};
