import type { ManageServiceAccount } from '../../../src/inventory/Inventory';
import { BASE, type Change } from '../marked';

/** A way from one version of the base inventory to another, and the only problem with it. */
export interface CompareCase {
  readonly rule: string;
  readonly when: string;
  readonly base?: Change;
  readonly head?: Change;
  readonly path: string;
  readonly message: RegExp;
  /** Default: any. */
  readonly hint?: RegExp;
  /** Default: error. */
  readonly severity?: 'warning';
  /** When the earlier version was committed. Default: unknown. */
  readonly baseTime?: string;
  /** Workloads whose removal is accepted. Default: none. */
  readonly allowedRemovals?: readonly string[];
  /** Rules that find something in it, too. */
  readonly also?: readonly string[];
}

export const waves = (written: string): Change => ({
  replace: { '{ stages: { dev: dual, prod: prepared } }': written },
});
export const TIME = '2026-11-14T09:00:00Z';
export const since = (stage: string, time: string | undefined): Change =>
  waves(`{ stages: { dev: ${time === undefined ? stage : `{ stage: ${stage}, since: ${time} }`}, prod: prepared } }`);
export const api = (more: string): Change => ({ append: `    ${more}\n` });
export const SECOND = '  web: { wave: pilot, namespace: production, serviceAccount: web }\n';
export const GRANTS = 'permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"] }] }';
export const LEDGER = `targets: { ledger: { account: data, ${GRANTS} } }`;
export const core = (stages: string, after = ', after: pilot'): Change =>
  waves(`{ stages: { dev: dual, prod: prepared } }\n  core: { stages: ${stages}${after} }`);

export const PROD = BASE.slice(BASE.indexOf('  prod:\n'), BASE.indexOf('waves:'));
export const BATCH =
  '      batch:\n        name: dev-batch\n        version: "1.33"\n        autoMode: true\n        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/B1B1" }\n';
export const twoClusters = (append: string): Change => ({
  replace: { '    values: { bucket: acme-dev }': `${BATCH}    values: { bucket: acme-dev }` },
  append: `    environments: [dev]\n${append}`,
});

export const LATER = 'stage: irsa, because: later';
const CONTEXT = { '        name: dev-main': '        kubernetes: { context: dev-main }\n        name: dev-main' };

/** The base with Kubernetes access to the cluster of dev, and the workload `web` there; without `web` where `manage` is undefined. */
export function web(manage: ManageServiceAccount | undefined, fields = '', adopt = false): Change {
  if (manage === undefined) return { replace: CONTEXT };
  const account = `{ name: web, manage: ${manage}${adopt ? ', adopt: true' : ''} }`;
  const where = fields.includes('environments:') ? '' : 'environments: [dev], ';
  return {
    replace: CONTEXT,
    append: `  web: { namespace: production, serviceAccount: ${account}, ${where}${fields} }\n`,
  };
}

/** As `web`, with a second cluster in dev that has Kubernetes access too; the workload `api` stays on the first. */
export function onBatch(manage: ManageServiceAccount, fields: string): Change {
  const batch = BATCH.replace('        name:', '        kubernetes: { context: dev-batch }\n        name:');
  const { replace, append = '' } = web(manage, fields);
  return {
    replace: { ...replace, '    values: { bucket: acme-dev }': `${batch}    values: { bucket: acme-dev }` },
    append: `    clusters: [main]\n${append}`,
  };
}
