import type { Finding } from '../../checks/check.ts';
import type { LiveObject } from '../client/types.ts';
import { programName, readersFor } from '../operators/reading.ts';
import type { PreflightCheck, PreflightContext } from './context.ts';

export const alertPath: PreflightCheck = {
  name: 'alert-path',
  title: 'what reads the rules sends its alerts to an Alertmanager, whose operator lets them through to the receivers',
  impossible: ({ cluster }) => (cluster?.flavour === 'operator' ? undefined : 'flavour standalone has its own'),
  run: async (context) => {
    const [rules, routes] = await Promise.all([
      readersOfKind('PrometheusRule', context),
      readersOfKind('AlertmanagerConfig', context),
    ]);
    const findings = [...rules.map(sending), ...routes.map((program) => matching(program, context))];
    if (findings.length > 0) return findings;
    return [{ ok: true, remark: true, subject: 'alerts', evidence: 'no program that reads the objects was seen' }];
  },
};

async function readersOfKind(wanted: string, { cluster, manifests }: PreflightContext): Promise<readonly LiveObject[]> {
  const object = manifests.objects.find(({ kind }) => kind === wanted);
  return object === undefined ? [] : readersFor(cluster, object);
}

/** Source: prometheus-operator, API reference, PrometheusSpec and ThanosRulerSpec. */
interface Sending {
  readonly alerting?: { readonly alertmanagers?: readonly { readonly namespace?: string; readonly name: string }[] };
  readonly additionalAlertManagerConfigs?: object;
  readonly alertmanagersUrl?: readonly string[];
  readonly alertmanagersConfig?: object;
}

function sending(program: LiveObject): Finding {
  const spec = (program['spec'] ?? {}) as Sending;
  const named = (spec.alerting?.alertmanagers ?? []).map(({ namespace, name }) => `Service ${namespace ?? ''}/${name}`);
  const others = [spec.additionalAlertManagerConfigs, spec.alertmanagersConfig].filter((each) => each !== undefined);
  const receivers = [...named, ...(spec.alertmanagersUrl ?? []), ...others.map(() => 'one that a Secret names')];
  const subject = programName(program);
  return receivers.length > 0
    ? { ok: true, subject, evidence: `sends alerts to ${receivers.join(' and ')}` }
    : {
        ok: false,
        subject,
        evidence: 'evaluates the rules and sends alerts to nobody: its alerting names no Alertmanager',
      };
}

/**
 * Which alerts the routes of an AlertmanagerConfig get. Source: prometheus-operator, API reference,
 * AlertmanagerConfigMatcherStrategy; the default is OnNamespace.
 */
function matching(program: LiveObject, { stack }: PreflightContext): Finding {
  const { alertmanagerConfigMatcherStrategy: strategy } = (program['spec'] ?? {}) as {
    readonly alertmanagerConfigMatcherStrategy?: { readonly type?: string };
  };
  const type = strategy?.type ?? 'OnNamespace';
  const { namespace } = stack.cluster;
  const subject = programName(program);
  const isAll =
    type === 'None' ||
    (type === 'OnNamespaceExceptForAlertmanagerNamespace' && program.metadata.namespace === namespace);
  if (isAll)
    return {
      ok: true,
      remark: true,
      subject,
      evidence: `${type}: the receivers get alerts of every namespace, not of ${stack.namespace} only`,
    };
  if (namespace === stack.namespace)
    return {
      ok: true,
      subject,
      evidence: `${type}: lets through alerts with namespace=${namespace}, which every alert of this stack has`,
    };
  return {
    ok: false,
    subject,
    evidence: `${type}: lets through alerts with namespace=${namespace} only, and those of this stack have ${stack.namespace}: remove cluster.namespace`,
  };
}
