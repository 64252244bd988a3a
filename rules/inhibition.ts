/** While one of `causes` fires, the `effects` with the same values of the labels `equal` are not told: they follow from it. */
export interface Inhibition {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
  /** Every cause and every effect carries these labels. */
  readonly equal: readonly string[];
}

/** What the exporter sees: while it is away they stand still, and what they would say is not true any more. */
const seenByExporter = [
  'BackupMissed',
  'BackupInvalid',
  'BackupUnverified',
  'BackupUnreadable',
  'BackupNotFound',
  'BackupInFuture',
  'BackupShrunk',
  'BackupRetentionExceeded',
  'BackupDeletedEarly',
  'BackupTooFewRetained',
  'BackupExpiring',
  'BackupCronJobMissing',
  'BackupCronJobSuspended',
  'BackupCronJobUnreadable',
  'BackupCronJobFailing',
  'BackupCronJobOverdue',
  'BackupWithoutArtifact',
  'VolumeFillingUp',
  'VolumeFull',
  'FilesystemFillingUp',
  'FilesystemFull',
  'FilesystemOvercommitted',
  'InodesRunningOut',
  'VolumeUnmeasured',
  'CertificateExpiringSoon',
  'CertificateExpired',
  'CertificateRenewalOverdue',
  'CertificateIssuanceFailing',
  'CertificateNotReady',
  'CertificateEndpointUnreachable',
  'CertificateUntrusted',
  'CertificateNotReloaded',
  'CertificateUnreadable',
  'ExporterNodeDown',
  'ExporterApiDown',
  'CollectorFailing',
  'SourceHung',
];

/** Alerts by name; an environment need not have all of them. */
export const inhibitions: readonly Inhibition[] = [
  {
    causes: ['BackupUnreadable', 'BackupInvalid'],
    effects: ['BackupWithoutArtifact'],
    equal: ['namespace', 'backup'],
  },
  {
    causes: ['BackupUnreadable', 'BackupInvalid', 'BackupWithoutArtifact'],
    effects: ['BackupMissed'],
    equal: ['namespace', 'backup'],
  },
  { causes: ['BackupUnreadable'], effects: ['BackupExpiring'], equal: ['namespace', 'backup'] },
  { causes: ['BackupMissed'], effects: ['BackupCronJobOverdue'], equal: ['namespace', 'backup'] },
  {
    causes: ['BackupCronJobMissing', 'BackupCronJobSuspended', 'BackupCronJobFailing'],
    effects: ['BackupCronJobOverdue'],
    equal: ['namespace', 'backup', 'cronjob_namespace', 'cronjob'],
  },
  { causes: ['BackupMissed'], effects: ['BackupNotFound'], equal: ['namespace', 'backup'] },
  { causes: ['BackupInvalid'], effects: ['BackupShrunk'], equal: ['namespace', 'backup'] },
  { causes: ['VolumeFull'], effects: ['VolumeFillingUp'], equal: ['namespace', 'claim_namespace', 'claim'] },
  { causes: ['FilesystemFull'], effects: ['FilesystemFillingUp'], equal: ['namespace', 'node', 'path'] },
  {
    causes: ['CertificateExpired'],
    effects: ['CertificateExpiringSoon', 'CertificateRenewalOverdue'],
    equal: ['namespace', 'certificate', 'source', 'chain_position'],
  },
  {
    causes: ['CertificateExpired'],
    effects: ['CertificateUntrusted', 'CertificateNotReloaded'],
    equal: ['namespace', 'certificate'],
  },
  { causes: ['CertificateIssuanceFailing'], effects: ['CertificateNotReady'], equal: ['namespace', 'certificate'] },
  {
    causes: ['SourceHung'],
    effects: ['BackupUnreadable', 'VolumeUnmeasured', 'CertificateUnreadable'],
    equal: ['namespace', 'source'],
  },
  {
    causes: ['ApplicationDown'],
    effects: ['ApplicationErrors', 'ApplicationSlow', 'DatabasePoolExhausted', 'TargetDown'],
    equal: ['namespace', 'application'],
  },
  {
    causes: ['VolumeUnmeasured'],
    effects: ['VolumeFillingUp', 'VolumeFull', 'InodesRunningOut'],
    equal: ['namespace', 'claim_namespace', 'claim'],
  },
  { causes: ['OtelCollectorDown', 'JaegerDown'], effects: ['TargetDown'], equal: ['namespace', 'job'] },
  {
    causes: ['ExporterDown', 'ExporterNodeDown', 'ExporterApiDown'],
    effects: ['TargetDown'],
    equal: ['namespace', 'job'],
  },
  { causes: ['ProberDown'], effects: ['TargetDown'], equal: ['namespace', 'job'] },
  { causes: ['ProbeFailing'], effects: ['ProbeSlow'], equal: ['namespace', 'probe'] },
  { causes: ['ExporterDown'], effects: seenByExporter, equal: ['namespace'] },
];
