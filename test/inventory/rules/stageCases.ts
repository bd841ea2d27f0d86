import type { RuleCase } from './RuleCase';

const WEB = '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n';
const NO_OIDC = { '        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1" }\n': '' };
const NO_AGENT = {
  '        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }': '    values: { bucket: acme-dev }',
};

export const STAGE_CASES: readonly RuleCase[] = [
  {
    rule: 'stage-without-reason',
    when: 'a workload stays at irsa',
    append: `${WEB}    stage: §irsa\n`,
    path: 'workloads.web.stage',
    message: /workload "web" stays at irsa and does not say why/,
  },
  {
    rule: 'stage-without-reason',
    when: 'an override keeps it there',
    append: `${WEB}    overrides: { dev: { stage: §irsa } }\n`,
    path: 'workloads.web.overrides.dev.stage',
    message: /does not say why/,
  },
  {
    rule: 'stage-without-reason',
    when: 'an override takes it out of its wave',
    append: '    overrides: { prod: { stage: §irsa } }\n',
    path: 'workloads.api.overrides.prod.stage',
    message: /does not say why/,
  },
  {
    rule: 'wave-or-stage',
    when: 'a workload has both',
    append: `${WEB}    wave: pilot\n    stage: §dual\n`,
    path: 'workloads.web.stage',
    message: /both wave "pilot" and stage "dual"/,
  },
  {
    rule: 'compute-stage',
    when: 'Fargate is past irsa by a wave',
    append: `${WEB}    wave: pilot\n    compute: §fargate\n`,
    path: 'workloads.web.compute',
    message: /fargate have no Pod Identity, but workload "web" is at dual in dev/,
  },
  {
    rule: 'compute-stage',
    when: 'Windows is past irsa by a stage of its own',
    append: `${WEB}    stage: pod-identity\n    compute: §windows\n`,
    path: 'workloads.web.compute',
    message: /is at pod-identity in dev/,
  },
  {
    rule: 'oidc-required',
    when: 'a stage trusts the provider',
    replace: { ...NO_OIDC, '      main:\n        name: dev': '      §main:\n        name: dev' },
    path: 'environments.dev.clusters.main',
    message: /cluster "main" has no oidc, but workload "api" at dual trusts/,
  },
  {
    rule: 'oidc-required',
    when: 'cutover still trusts it',
    replace: {
      ...NO_OIDC,
      '      main:\n        name: dev': '      §main:\n        name: dev',
      'dev: dual': 'dev: cutover',
    },
    path: 'environments.dev.clusters.main',
    message: /at cutover trusts/,
  },
  {
    rule: 'agent-missing',
    when: 'a workload is past irsa',
    replace: { ...NO_AGENT, '      main:\n        name: dev': '      §main:\n        name: dev' },
    path: 'environments.dev.clusters.main',
    message: /neither agent nor autoMode, but workload "api" is at dual/,
  },
  {
    rule: 'cluster-too-old',
    when: 'a workload is past irsa',
    replace: { 'version: "1.33"': 'version: §"1.23"' },
    path: 'environments.dev.clusters.main.version',
    message: /at 1\.23, and Pod Identity needs 1\.24/,
  },
  {
    rule: 'agent-too-old',
    when: 'hybrid nodes need a newer one',
    replace: { 'version: v1.3.4-eksbuild.1': 'version: §v1.3.2-eksbuild.2' },
    append: '    compute: hybrid\n',
    path: 'environments.dev.clusters.main.agent.version',
    message: /v1\.3\.2-eksbuild\.2 does not run on hybrid nodes/,
  },
  {
    rule: 'sdk-too-old',
    when: 'a workload is at dual',
    append: '    environments: [dev]\n    sdk: { language: python, version: §1.34.40 }\n',
    path: 'workloads.api.sdk.version',
    message: /python SDK 1\.34\.40 does not know Pod Identity: at least 1\.34\.41/,
  },
  {
    rule: 'sdk-too-old',
    when: 'a workload is at prepared, as a warning',
    append: '    environments: [prod]\n    sdk: { language: java, version: §2.20.0 }\n',
    path: 'workloads.api.sdk.version',
    message: /at least 2\.21\.30/,
    severity: 'warning',
  },
  {
    rule: 'sdk-too-old',
    when: 'a version cannot be compared',
    append: '    environments: [dev]\n    sdk: { language: rust, version: §1.5.0 }\n',
    path: 'workloads.api.sdk.version',
    message: /cannot be compared.*release-2024-03-13/,
  },
  {
    rule: 'wave-order',
    when: 'a wave is ahead of the one before it',
    replace: { 'workloads:\n': '  core: { after: pilot, stages: { dev: dual, prod: §dual } }\nworkloads:\n' },
    path: 'waves.core.stages.prod',
    message: /wave "core" is at dual in prod, ahead of "pilot" at prepared/,
  },
  {
    rule: 'wave-order',
    when: 'the one before it is in no stage there',
    replace: {
      'dev: dual, prod: prepared': 'dev: dual',
      'workloads:\n': '  core: { after: pilot, stages: { prod: §prepared } }\nworkloads:\n',
    },
    path: 'waves.core.stages.prod',
    message: /ahead of "pilot" at irsa/,
  },
  {
    rule: 'wave-cycle',
    when: 'two waves wait for each other',
    replace: {
      'pilot: {': 'pilot: { after: §core,',
      'workloads:\n': '  core: { after: pilot, stages: { dev: dual, prod: prepared } }\nworkloads:\n',
    },
    path: 'waves.pilot.after',
    message: /pilot → core → pilot is a circle/,
  },
  {
    rule: 'wave-cycle',
    when: 'a wave waits for itself',
    replace: { 'pilot: {': 'pilot: { after: §pilot,' },
    path: 'waves.pilot.after',
    message: /pilot → pilot is a circle/,
  },
];
