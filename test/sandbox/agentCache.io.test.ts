import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeleteAddonCommand,
  DeletePodIdentityAssociationCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { NAMESPACE, podsOf, ROLES } from './podFixtures';
import { clients, DATA, irsaTrust, ISSUER, MAIN, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// Source: aws/eks-pod-identity-agent cmd/server.go and internal/credsretriever/refreshing_cache.go, internal/cloud/eksauth/errors.go
describe.each([
  ['v1.3.4-eksbuild.1', 'by token'],
  ['v1.4.0-eksbuild.1', 'by pod'],
])('The cache of agent %s, which keeps credentials %s', (version, by) => {
  let now = Date.now();
  const at = useSandbox(() => ({
    seed: seedWith(ROLES, {
      clusters: [{ ...MAIN, version: '1.33', issuer: ISSUER, addons: [{ name: 'eks-pod-identity-agent', version }] }],
    }),
    clock: () => new Date(now),
    agentCache: true,
  }));
  const { admit } = podsOf(at);
  const aws = () => clients(at.sandbox, undefined, now - Date.now());
  const tick = (ms: number) => {
    now += ms;
  };
  const token = (name: string) =>
    at.sandbox.kubernetes.createToken(MAIN, {
      namespace: NAMESPACE,
      serviceAccount: name,
      audience: 'pods.eks.amazonaws.com',
      expiration: 86_400,
      pod: { name: `${name}-1`, uid: `uid-${name}` },
    });
  const ask = async (authorization: string) => {
    const response = await fetch(`${at.sandbox.endpoint}/v1/credentials`, { headers: { authorization } });
    const text = await response.text();
    return response.status === 200 ? (JSON.parse(text) as { AccessKeyId: string }).AccessKeyId : text.trim();
  };
  const associate = async (serviceAccount: string, role: string) => {
    const input = { clusterName: 'main', namespace: NAMESPACE, serviceAccount, roleArn: roleArn(role) };
    return (await aws().eks.send(new CreatePodIdentityAssociationCommand(input))).association?.associationId;
  };
  /** A service account with an association, the token of a pod, and what the agent gave it. */
  const start = async (name: string, role = 'dual') => {
    const associationId = await associate(name, role);
    const authorization = token(name);
    return { id: { clusterName: 'main', associationId }, authorization, first: await ask(authorization) };
  };
  const calls = () => at.sandbox.callCounts()['eks-auth:AssumeRoleForPodIdentity'] ?? 0;

  it('serves a deleted association for three hours, and removes the credentials at the renewal', async () => {
    const { id, authorization, first } = await start('deleted');
    await aws().eks.send(new DeletePodIdentityAssociationCommand(id));
    tick(3 * HOUR - MINUTE);
    expect(await ask(authorization)).toBe(first);
    tick(2 * MINUTE);
    expect(await ask(authorization)).toMatch(/^\[[0-9a-f-]{36}\]: \(ResourceNotFoundException\): .+, fault: client$/);
  });

  it('renews in the background, so that a pod that asks after hours gets credentials of the new role', async () => {
    const { id, authorization, first } = await start('renewed');
    await aws().eks.send(new UpdatePodIdentityAssociationCommand({ ...id, roleArn: roleArn('untagged') }));
    expect(await ask(authorization)).toBe(first);
    const before = calls();
    tick(4 * HOUR);
    const second = await ask(authorization);
    expect(second).not.toBe(first);
    tick(HOUR);
    expect(await ask(authorization)).toBe(second);
    // One renewal for each pod that the cache has; no request of a pod reached EKS Auth.
    expect(calls()).toBeGreaterThan(before);
  });

  it('removes the credentials when the trust policy stops to allow them, and serves a new pod nothing of them', async () => {
    const { authorization, first } = await start('untrusted');
    const trust = JSON.stringify(policy(irsaTrust(NAMESPACE, 'untrusted')));
    await aws().iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'dual', PolicyDocument: trust }));
    try {
      const other = at.sandbox.kubernetes.createToken(MAIN, {
        namespace: NAMESPACE,
        serviceAccount: 'untrusted',
        audience: 'pods.eks.amazonaws.com',
        expiration: 86_400,
        pod: { name: 'untrusted-2', uid: 'uid-new' },
      });
      expect(await ask(other)).toContain('(AccessDeniedException)');
      expect(await ask(authorization)).toBe(first);
      tick(3 * HOUR + 2 * MINUTE);
      expect(await ask(authorization)).toContain('(AccessDeniedException)');
    } finally {
      const own = ROLES.find(({ name }) => name === 'dual')?.trust;
      await aws().iam.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: 'dual', PolicyDocument: JSON.stringify(own) }),
      );
    }
  });

  it('keeps the credentials while EKS Auth fails for a time, and no longer than they last', async () => {
    const { authorization, first } = await start('failing');
    at.sandbox.faults.set([{ kind: 'server error', service: 'eks-auth', status: 503 }]);
    try {
      tick(5 * HOUR);
      expect(await ask(authorization)).toBe(first);
      tick(HOUR);
      expect(await ask(authorization)).toContain('(ServiceUnavailableException)');
    } finally {
      at.sandbox.faults.clear();
    }
    expect(await ask(authorization)).toMatch(/^ASIA/);
  });

  it('has a target role for 59 minutes', async () => {
    const { first, authorization } = await start('plain');
    const associationId = await associate('orders', 'dual');
    const target = { clusterName: 'main', associationId, targetRoleArn: roleArn('ledger', DATA) };
    await aws().eks.send(new UpdatePodIdentityAssociationCommand(target));
    const chained = token('orders');
    const hop = await ask(chained);
    expect(hop).toMatch(/^ASIA/);
    tick(HOUR);
    expect(await ask(chained)).not.toBe(hop);
    expect(await ask(authorization)).toBe(first);
  });

  it(`keeps nothing of an error, and asks again ${by === 'by pod' ? 'for no' : 'for a'} rotated token`, async () => {
    expect(await ask(token('rotated'))).toContain('(ResourceNotFoundException)');
    const { first, authorization } = await start('rotated');
    tick(MINUTE);
    const rotated = token('rotated');
    const second = await ask(rotated);
    expect(second === first).toBe(by === 'by pod');
    expect(await ask(authorization)).toBe(first);
    const forged = `${rotated.split('.').slice(0, 2).join('.')}.${authorization.split('.')[2] ?? ''}`;
    expect(await ask(forged)).toContain('(InvalidTokenException)');
  });

  it('is empty after a new installation', async () => {
    const { first, authorization } = await start('reinstalled');
    const addon = { clusterName: 'main', addonName: 'eks-pod-identity-agent' };
    await aws().eks.send(new DeleteAddonCommand(addon));
    await aws().eks.send(new CreateAddonCommand({ ...addon, addonVersion: version }));
    expect(await ask(authorization)).not.toBe(first);
  });

  it('does not change what a pod gets that takes the place of another one', async () => {
    const { id } = await start('replaced');
    const early = admit('replaced');
    await aws().eks.send(new DeletePodIdentityAssociationCommand(id));
    expect([early.uses, admit('replaced').uses]).toEqual(['pod-identity', 'nothing']);
  });

  it('is off where the sandbox has no cache', async () => {
    at.sandbox.setTiming({ agentCache: false });
    const { authorization, first } = await start('uncached');
    expect(await ask(authorization)).not.toBe(first);
    at.sandbox.setTiming({ agentCache: true });
  });
});

describe('Time that passes by hand', () => {
  let elapsed = 0;
  const at = useSandbox(() => ({
    seed: seedWith(ROLES),
    elapsed: () => elapsed,
    agentCache: true,
    propagationMs: () => 10_000,
  }));
  const { admit, associate, ask } = podsOf(at);

  it('makes associations effective and lets agents renew; signatures and tokens stay valid', async () => {
    const associationId = await associate('by-hand', 'dual');
    expect(admit('by-hand').uses).toBe('nothing');
    elapsed += 10_000;
    const pod = admit('by-hand');
    expect([pod.uses, (await ask(pod)).source.ok]).toEqual(['pod-identity', true]);
    await clients(at.sandbox).eks.send(new DeletePodIdentityAssociationCommand({ clusterName: 'main', associationId }));
    const answers = [];
    for (const hours of [0, 2, 1.1]) {
      elapsed += hours * HOUR;
      answers.push((await ask(pod)).source.ok);
    }
    expect(answers).toEqual([true, true, false]);
  });
});
