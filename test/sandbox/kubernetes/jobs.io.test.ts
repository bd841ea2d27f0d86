import { listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { kubectlOf } from '../testCluster';
import { APPS, irsaTrust, ISSUER, MAIN, policy, roleArn, seedWith, useSandbox } from '../testSandbox';
import { apiOf, metadataOf, nameOf } from './testApi';

const RUN = 30_000;
const MINUTE = 60_000;
const START = Date.parse('2026-11-21T12:00:30Z');
const ROLE = { account: APPS, name: 'app', trust: policy(irsaTrust('shop', 'orders')) };
const podSpec = {
  restartPolicy: 'OnFailure',
  serviceAccountName: 'orders',
  containers: [{ name: 'app', image: 'i' }],
};
const job = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { template: { spec: podSpec }, ...spec },
});
const cronJob = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: {
    schedule: '* * * * *',
    jobTemplate: { metadata: { labels: { app: name } }, spec: { template: { spec: podSpec } } },
    ...spec,
  },
});
const SEED = seedWith([ROLE], {
  clusters: [
    {
      ...MAIN,
      version: '1.33',
      issuer: ISSUER,
      serviceAccounts: [
        { namespace: 'shop', name: 'orders', annotations: { 'eks.amazonaws.com/role-arn': roleArn('app') } },
      ],
    },
  ],
});

function useJobs() {
  const clock = { now: START };
  const at = useSandbox(() => ({ seed: SEED, clock: () => new Date(clock.now), jobPodMs: RUN }));
  const api = apiOf(at);
  afterEach(async () => {
    await api.send('DELETE', api.path('cronjobs'));
    await api.send('DELETE', api.path('jobs'));
    clock.now = Math.ceil(clock.now / MINUTE) * MINUTE + RUN;
    at.sandbox.setTiming({ jobPodMs: RUN });
  });
  return {
    at,
    ...api,
    tick: (ms: number) => {
      clock.now += ms;
    },
    /** Signatures of SDKs have the time of this machine. */
    toNow: () => {
      clock.now = Math.max(clock.now, Date.now());
    },
    minute: () => Math.floor(clock.now / MINUTE),
    phases: async () => (await api.list('pods')).map((pod) => textAt(objectAt(pod, 'status'), 'phase')).sort(),
    statusOf: async (name: string) => objectAt(await api.get('jobs', name), 'status'),
  };
}

describe('A Job', () => {
  const { at, create, get, list, merge, phases, remove, send, path, statusOf, tick, toNow } = useJobs();

  it('runs its pod, which has its credentials by the webhook, to its end', async () => {
    const made = await create('jobs', job('one'));
    const uid = metadataOf(made).uid;
    expect(objectAt(made, 'spec').selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    const [pod] = await list('pods');
    expect(metadataOf(pod)).toMatchObject({
      labels: { 'job-name': 'one', 'batch.kubernetes.io/controller-uid': uid },
      ownerReferences: [{ kind: 'Job', name: 'one', controller: true }],
    });
    expect(at.sandbox.kubernetes.pods(MAIN, 'shop').map(({ uses }) => uses)).toEqual(['irsa']);
    expect(await statusOf('one')).toMatchObject({ active: 1, ready: 1 });
    tick(RUN);
    expect(await phases()).toEqual(['Succeeded']);
    const status = await statusOf('one');
    expect(status).toMatchObject({
      succeeded: 1,
      ready: 0,
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True' },
        { type: 'Complete', status: 'True', reason: 'CompletionsReached' },
      ],
    });
    expect(Date.parse(textAt(status, 'completionTime')!) - Date.parse(textAt(status, 'startTime')!)).toBe(RUN);
    tick(10 * RUN);
    expect(await phases()).toEqual(['Succeeded']);
  });

  it('runs so many pods as it wants at a time until enough have succeeded', async () => {
    await create('jobs', job('many', { completions: 3, parallelism: 2 }));
    expect(await phases()).toEqual(['Running', 'Running']);
    tick(RUN);
    expect(await phases()).toEqual(['Running', 'Succeeded', 'Succeeded']);
    tick(RUN);
    expect(await statusOf('many')).toMatchObject({ succeeded: 3, conditions: [{}, { type: 'Complete' }] });
  });

  it('without a number of completions is a queue: it makes no pod after the first that succeeded', async () => {
    await create('jobs', job('queue', { parallelism: 2 }));
    tick(RUN);
    expect(await phases()).toEqual(['Succeeded', 'Succeeded']);
    expect(await statusOf('queue')).toMatchObject({ succeeded: 2, conditions: [{}, { type: 'Complete' }] });
  });

  it('makes another pod for one that is deleted, and none while it is suspended', async () => {
    await create('jobs', job('paused', { suspend: true }));
    expect(await phases()).toEqual([]);
    expect(await statusOf('paused')).toMatchObject({ conditions: [{ type: 'Suspended', status: 'True' }] });
    await merge('jobs', 'paused', { spec: { suspend: false } });
    expect(await statusOf('paused')).toMatchObject({ conditions: [{ type: 'Suspended', reason: 'JobResumed' }] });
    const [first] = await list('pods');
    await remove('pods', nameOf(first));
    const [second] = await list('pods');
    expect(nameOf(second)).not.toBe(nameOf(first));
    await merge('jobs', 'paused', { spec: { suspend: true } });
    expect(await phases()).toEqual([]);
  });

  it('goes with its pods when its time to live is over', async () => {
    await create('jobs', job('short', { ttlSecondsAfterFinished: 10 }));
    tick(RUN + 9_999);
    expect(nameOf(await get('jobs', 'short'))).toBe('short');
    tick(1);
    expect([await list('jobs'), await list('pods')]).toEqual([[], []]);
  });

  it('is ended by its deadline, with its pods', async () => {
    at.sandbox.setTiming({ jobPodMs: 10 * RUN });
    await create('jobs', job('long', { activeDeadlineSeconds: 20 }));
    tick(19_999);
    expect(await phases()).toEqual(['Running']);
    tick(1_000);
    expect(await statusOf('long')).toMatchObject({
      conditions: [{ type: 'FailureTarget' }, { type: 'Failed', reason: 'DeadlineExceeded' }],
    });
    expect(await phases()).toEqual([]);
  });

  describe('with a container that calls the AWS CLI', () => {
    const called = (name: string, role: string, spec: object = {}) =>
      job(name, {
        template: {
          spec: {
            ...podSpec,
            containers: [
              { name: 'who', image: 'aws', command: ['aws', 'sts', 'get-caller-identity'] },
              {
                name: 'hop',
                image: 'aws',
                terminationMessagePolicy: 'FallbackToLogsOnError',
                command: ['aws', 'sts', 'assume-role', '--role-arn', role, '--role-session-name', 'me'],
              },
            ],
          },
        },
        ...spec,
      });
    beforeEach(toNow);
    const ended = async (name: string) => {
      for (let look = 0; look < 200; look += 1) {
        const conditions = listAt(await statusOf(name), 'conditions');
        if (conditions.length > 0) return textAt(conditions.at(-1), 'type');
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return 'never';
    };
    const logOf = async (container: string) => {
      const [pod] = await list('pods');
      return (await send('GET', `${path('pods', nameOf(pod))}/log?container=${container}`)).body;
    };

    it('runs it with the credentials of the pod, and keeps what it says', async () => {
      await create('jobs', called('calls', roleArn('app'), { backoffLimit: 0 }));
      expect(await ended('calls')).toBe('Failed');
      expect(await logOf('who')).toMatch(/^arn:aws:sts::\d+:assumed-role\/app\/.+\n$/);
      expect(await logOf('hop')).toMatch(/^An error occurred \(AccessDenied\) when calling the AssumeRole operation: /);
      expect(await logOf('other')).toMatchObject({
        message: expect.stringContaining('container other is not valid') as string,
      });
      const [pod] = await list('pods');
      const states = listAt(objectAt(pod, 'status'), 'containerStatuses').map((one) =>
        objectAt(objectAt(one, 'state'), 'terminated'),
      );
      expect(states).toMatchObject([
        { exitCode: 0 },
        { exitCode: 254, message: expect.stringContaining('AccessDenied') as string },
      ]);
      expect(await statusOf('calls')).toMatchObject({ failed: 1 });
    });

    it('makes another pod for one that failed, up to its limit', async () => {
      await create('jobs', called('again', roleArn('app'), { backoffLimit: 1 }));
      expect(await ended('again')).toBe('Failed');
      expect(await phases()).toEqual(['Failed', 'Failed']);
    });
  });

  it('has pods that are never ready where they have a readiness gate', async () => {
    const gated = { ...podSpec, readinessGates: [{ conditionType: 'example.com/open' }] };
    await create('jobs', job('gated', { template: { spec: gated } }));
    const [pod] = await list('pods');
    const ready = listAt(objectAt(pod, 'status'), 'conditions').find((one) => textAt(one, 'type') === 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason: 'ReadinessGatesNotReady' });
  });

  it('keeps the template that it was made with', async () => {
    await create('jobs', job('fixed'));
    const refused = await merge('jobs', 'fixed', { spec: { template: { spec: { hostNetwork: true } } } });
    expect(textAt(refused, 'message')).toMatch(/^Job.batch "fixed" is invalid: spec.template: .*: field is immutable$/);
    expect(await merge('jobs', 'fixed', { spec: { parallelism: 2 } })).toMatchObject({ spec: { parallelism: 2 } });
  });

  it('takes its pods with it when it is deleted', async () => {
    await create('jobs', job('gone'));
    await remove('jobs', 'gone', { propagationPolicy: 'Background' });
    expect(await list('pods')).toEqual([]);
  });

  it('is done at once where its pods take no time', async () => {
    at.sandbox.setTiming({ jobPodMs: 0 });
    await create('jobs', job('fast'));
    expect(await statusOf('fast')).toMatchObject({ succeeded: 1 });
  });

  it('without its service account has no pods', async () => {
    await create('jobs', job('none', { template: { spec: { ...podSpec, serviceAccountName: 'nobody' } } }));
    expect(await phases()).toEqual([]);
    expect(await statusOf('none')).toMatchObject({ ready: 0 });
  });

  it.each([
    [
      'jobs',
      job('bad', { template: { spec: { ...podSpec, restartPolicy: 'Always' } } }),
      'Job.batch "bad" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      'jobs',
      job('bad', { template: { spec: { restartPolicy: 'Never' } } }),
      'Job.batch "bad" is invalid: spec.template.spec.containers: Required value',
    ],
    [
      'cronjobs',
      cronJob('bad', { jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never' } } } } }),
      'CronJob.batch "bad" is invalid: spec.jobTemplate.spec.template.spec.containers: Required value',
    ],
    [
      'cronjobs',
      cronJob('bad', { schedule: 'often' }),
      'spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often]',
    ],
    [
      'cronjobs',
      cronJob('bad', { concurrencyPolicy: 'Queue' }),
      'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"',
    ],
    ['cronjobs', cronJob('bad', { timeZone: 'Europe/Berlin' }), 'runs CronJobs by UTC only'],
    ['cronjobs', cronJob('b'.repeat(53)), 'must be no more than 52 characters'],
    ['cronjobs', cronJob('bad', { schedule: '' }), 'spec.schedule: Required value'],
  ])('of %s is refused where it cannot be: %#', async (plural, object, words) => {
    const { status, body } = await send('POST', path(plural), object);
    expect([status, textAt(body, 'message')]).toEqual([422, expect.stringContaining(words)]);
  });
});

describe('A CronJob', () => {
  const { at, create, get, list, merge, minute, statusOf, tick } = useJobs();
  const jobs = async () => (await list('jobs')).map(nameOf);

  it('starts a Job each time that its schedule comes, named after the minute', async () => {
    await create('cronjobs', cronJob('tick'));
    expect(await jobs()).toEqual([]);
    tick(RUN);
    const name = `tick-${minute()}`;
    expect(await jobs()).toEqual([name]);
    expect(metadataOf(await get('jobs', name))).toMatchObject({
      labels: { app: 'tick' },
      ownerReferences: [{ kind: 'CronJob', name: 'tick' }],
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-11-21T12:01:00Z' },
    });
    expect(objectAt(await get('cronjobs', 'tick'), 'status')).toMatchObject({
      active: [{ name }],
      lastScheduleTime: '2026-11-21T12:01:00Z',
    });
    tick(RUN);
    expect(await statusOf(name)).toMatchObject({ succeeded: 1 });
    expect(objectAt(await get('cronjobs', 'tick'), 'status')).toEqual({
      lastScheduleTime: '2026-11-21T12:01:00Z',
      lastSuccessfulTime: '2026-11-21T12:01:30Z',
    });
  });

  it('runs at each minute of a time in which nobody looked, and keeps the last three Jobs', async () => {
    await create('cronjobs', cronJob('kept'));
    tick(5 * MINUTE);
    const names = [2, 1, 0].map((ago) => `kept-${minute() - ago}`);
    expect(await jobs()).toEqual(names);
    expect(await list('pods')).toHaveLength(3);
    await merge('cronjobs', 'kept', { spec: { successfulJobsHistoryLimit: 1 } });
    tick(MINUTE);
    expect(await jobs()).toEqual([`kept-${minute()}`]);
  });

  it('starts nothing while it is suspended', async () => {
    await create('cronjobs', cronJob('still', { suspend: true }));
    tick(5 * MINUTE);
    expect(await jobs()).toEqual([]);
  });

  it.each([
    ['Allow', 2, 2],
    ['Forbid', 1, 1],
    ['Replace', 1, 1],
  ])('with the policy %s has %i Jobs at a time', async (concurrencyPolicy, count, active) => {
    // Each pod runs longer than a minute.
    at.sandbox.setTiming({ jobPodMs: 100_000 });
    await create('cronjobs', cronJob('busy', { concurrencyPolicy }));
    const before = minute();
    tick(2 * MINUTE);
    const names = await jobs();
    expect(names).toHaveLength(count);
    expect(listAt(objectAt(await get('cronjobs', 'busy'), 'status'), 'active')).toHaveLength(active);
    expect(names).toContain(concurrencyPolicy === 'Forbid' ? `busy-${before + 1}` : `busy-${minute()}`);
  });
});

describe('kubectl with Jobs', () => {
  let now = START;
  const at = useSandbox(() => ({ seed: SEED, clock: () => new Date(now), jobPodMs: RUN }));
  const { kubectl, read } = kubectlOf(at);
  const ok = async (args: string, input?: string): Promise<string> => {
    const { code, out, err } = await kubectl(args.split(' '), input);
    expect([code, err]).toEqual([0, '']);
    return out;
  };

  it('creates a Job from a CronJob, and shows its pod', async () => {
    await ok('apply -n shop -f -', JSON.stringify(cronJob('report', { schedule: '0 3 * * *' })));
    expect(await ok('create job by-hand -n shop --from=cronjob/report')).toBe('job.batch/by-hand created\n');
    expect(await read('get', 'job', 'by-hand', '-n', 'shop')).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'CronJob', name: 'report' }] },
      spec: { template: { spec: podSpec } },
    });
    now += RUN;
    expect(await ok('get cj -n shop')).toMatch(/report +30s/);
    expect(await ok('get pods -n shop')).toMatch(/by-hand-\w+ +0\/1 +Completed/);
  });

  it('creates a Job by name', async () => {
    await ok('create job once -n shop --image=i -- echo done');
    expect(await read('get', 'job', 'once', '-n', 'shop')).toMatchObject({
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ command: ['echo', 'done'], image: 'i' }] } } },
    });
  });
});
