import { BASE, type Change } from '../marked';

/** A way from one version of the base inventory to another, and the only problem with it. */
export interface CompareCase {
  readonly rule: string;
  readonly when: string;
  readonly base?: Change;
  readonly head?: Change;
  readonly path: string;
  readonly message: RegExp;
  /** Default: error. */
  readonly severity?: 'warning';
  /** When the earlier version was committed. Default: unknown. */
  readonly baseTime?: string;
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
