/** What a cluster tells of one namespace, as far as a first environment can be written from it. Empty where nothing is, or nothing may be read. */
export interface Facts extends Monitoring {
  readonly context: string;
  readonly namespace: string;
  /** `gitVersion` of the API server; k3s and OpenShift are known by it and by their API groups. */
  readonly version: string;
  readonly groups: readonly string[];
  readonly cronJobs: readonly CronJob[];
  readonly claims: readonly Claim[];
  readonly ingresses: readonly Ingress[];
  readonly certificates: readonly Certificate[];
  /** What could not be read, in words. */
  readonly unread: readonly string[];
}

/** What runs in the namespace, and in every other one that may be read. */
export interface Monitoring {
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly elsewhere: readonly Workload[];
  readonly servicesElsewhere: readonly Service[];
}

/** The objects as the API gives them, as far as they are read. Source: Kubernetes API reference 1.34. */
interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Service {
  readonly metadata: Meta;
  readonly spec?: {
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
    readonly selector?: Readonly<Record<string, string>>;
  };
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly PodVolume[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
  };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

export interface PodVolume {
  readonly name: string;
  readonly hostPath?: { readonly path: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface Workload {
  readonly kind?: string;
  readonly metadata: Meta;
  readonly spec?: { readonly template?: PodTemplate };
}

export interface CronJob {
  readonly metadata: Meta;
  readonly spec?: {
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}

export interface Claim {
  readonly metadata: Meta;
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

export interface Ingress {
  readonly metadata: Meta;
  readonly spec?: {
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly { readonly host?: string }[];
  };
}

/** cert-manager.io/v1 Certificate. */
export interface Certificate {
  readonly metadata: Meta;
  readonly spec?: { readonly secretName?: string; readonly dnsNames?: readonly string[] };
}
