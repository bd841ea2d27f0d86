import type { Change } from '../marked';
import { BATCH, type CompareCase } from './CompareCase';

const VALUES = '    values: { bucket: acme-dev }';

/** A second cluster of dev in another region, on which no workload runs; with fields of dev, or without the cluster. */
const inEurope = (cluster: string, fields = ''): Change => ({
  replace: { [VALUES]: `${cluster}${fields}${VALUES}` },
  append: '    environments: [dev]\n    clusters: [main]\n',
});
const EUROPE = BATCH.replace('        autoMode: true\n', '        region: eu-west-1\n').replace(/ {8}oidc: .*\n/, '');
const WITH_AGENT = `${EUROPE}        agent: { version: v1.3.4-eksbuild.1 }\n`;
const IN_FRANKFURT = WITH_AGENT.replace('batch:', 'second:')
  .replace('dev-batch', 'dev-second')
  .replace('eu-west-1', 'eu-central-1');
const WITH_ADDON = `${EUROPE}        addons: { aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: {} } }\n`;
const KEPT = '    regions: [eu-west-1]\n';

const CASE = {
  rule: 'region-left',
  path: 'environments.dev.clusters',
  message: /^the last cluster of eu-west-1 leaves dev: without a provider of the region, Terraform cannot remove/,
  hint: /^Write environments\.dev\.regions: \[eu-west-1\], and apply\. Then remove eu-west-1 from regions\.$/,
};

export const REGION_CASES: readonly CompareCase[] = [
  {
    ...CASE,
    when: 'the last cluster of another region leaves with its agent',
    base: inEurope(WITH_AGENT),
    head: inEurope(''),
  },
  {
    ...CASE,
    when: 'the last cluster of another region leaves with an add-on',
    base: inEurope(WITH_ADDON),
    head: inEurope(''),
    also: ['adopted-removed'],
  },
  {
    ...CASE,
    when: 'the region that is kept is another one',
    base: inEurope(WITH_AGENT),
    head: inEurope('', '    regions: [eu-central-1]\n'),
    hint: /regions: \[eu-central-1, eu-west-1\]/,
  },
  ...['eu-west-1', 'eu-central-1'].map((region) => ({
    ...CASE,
    when: `the last clusters of two regions leave, one of them ${region}: each hint keeps both`,
    base: inEurope(`${WITH_AGENT}${IN_FRANKFURT}`),
    head: inEurope(''),
    message: new RegExp(`^the last cluster of ${region} leaves dev`),
    hint: new RegExp(`regions: \\[eu-west-1, eu-central-1\\], and apply\\. Then remove ${region} from regions`),
  })),
];

export const REGION_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'allowedRemovals'>[] = [
  {
    when: 'the last cluster of another region leaves, and the region is kept',
    base: inEurope(WITH_AGENT),
    head: inEurope('', KEPT),
  },
  { when: 'a kept region leaves after the apply', base: inEurope('', KEPT), head: inEurope('') },
  { when: 'a cluster leaves another region where nothing of podlift is', base: inEurope(EUROPE), head: inEurope('') },
  {
    when: 'a cluster leaves a region in which another one stays',
    base: inEurope(`${WITH_AGENT}${WITH_AGENT.replace('batch:', 'second:').replace('dev-batch', 'dev-second')}`),
    head: inEurope(WITH_AGENT),
  },
];
