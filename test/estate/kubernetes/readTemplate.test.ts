import type { TemplateFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { readTemplates, type WorkloadJson } from '../../../src/estate/kubernetes/readTemplate';

const template = { spec: { serviceAccountName: 'orders', containers: [{ name: 'app' }] } };

const workload = (kind: string, parts: Omit<WorkloadJson, 'kind'> = {}): WorkloadJson => ({
  kind,
  ...parts,
  metadata: { namespace: 'shop', name: 'orders', ...parts.metadata },
  spec: kind === 'CronJob' ? { jobTemplate: { spec: { template } }, ...parts.spec } : { template, ...parts.spec },
});

const ownedBy = (kind: string) => ({ ownerReferences: [{ kind, controller: true }] });

describe('The pod template of a workload', () => {
  it.each<[string, WorkloadJson, Partial<TemplateFacts>]>([
    ['has the replicas of a Deployment', workload('Deployment', { spec: { replicas: 0 } }), { replicas: 0 }],
    ['has one replica where none are written', workload('StatefulSet'), { replicas: 1 }],
    [
      'has the schedule and the last runs of a CronJob',
      workload('CronJob', {
        spec: { schedule: '0 3 * * *', timeZone: 'Europe/Berlin', suspend: true },
        status: { lastScheduleTime: '2026-11-21T03:00:00Z', lastSuccessfulTime: '2026-11-21T03:01:00Z' },
      }),
      {
        serviceAccount: 'orders',
        cron: {
          schedule: '0 3 * * *',
          timeZone: 'Europe/Berlin',
          suspended: true,
          lastScheduled: '2026-11-21T03:00:00Z',
          lastSuccessful: '2026-11-21T03:01:00Z',
        },
      },
    ],
    [
      'says that a Job has finished',
      workload('Job', { status: { conditions: [{ type: 'Failed', status: 'True' }] } }),
      { finished: true },
    ],
    [
      'has the service account default where none is written',
      workload('DaemonSet', { spec: { template: { spec: { containers: [] } } } }),
      { serviceAccount: 'default' },
    ],
    [
      'has what decides about its nodes',
      workload('Deployment', {
        spec: {
          template: {
            metadata: { labels: { app: 'orders' } },
            spec: {
              nodeSelector: { 'kubernetes.io/os': 'windows' },
              affinity: {
                nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'Exists' }] }],
                  },
                },
              },
              tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
            },
          },
        },
      }),
      {
        labels: { app: 'orders' },
        nodeSelector: { 'kubernetes.io/os': 'windows' },
        nodeAffinity: [[{ key: 'pool', operator: 'Exists', values: [] }]],
        tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
      },
    ],
  ])('%s', (_, json, facts) => {
    expect(readTemplates([json])).toEqual([expect.objectContaining(facts)]);
  });

  it('counts once where a CronJob made Jobs of it', () => {
    const cronJob = workload('CronJob');
    const made = workload('Job', { metadata: ownedBy('CronJob') });
    const byOther = workload('Job', { metadata: { name: 'by-other', ...ownedBy('Workflow') } });
    expect(readTemplates([made, byOther, cronJob]).map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'Job/by-other',
      'CronJob/orders',
    ]);
  });
});
