import type { OneOrMany, PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { Stage } from '../../../src/inventory/Inventory';
import { remedyText } from '../../../src/cli/report';
import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { NOW, pilotAt, portsTo, agreedWorld, type Setting, type World } from '../agreedWorld';
import { roleFactsOf } from '../facts';
import { collectEvidence } from '../gate/gateText';
import { ACCOUNT, allowing, ask, SOURCE } from './doctorWorld';

const OTHER = `arn:aws:iam::${ACCOUNT}:role/reports`;
const FAR = 'arn:aws:iam::999999999999:role/reports';
const OWN = `arn:aws:iam::${ACCOUNT}:role/prod-orders-api`;

/** The trust policy of the other role: it trusts the workload's role for these actions. */
const trusting = (Action: OneOrMany<string>, more: Partial<Statement> = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: OWN }, Action, ...more }],
});
const BOTH = ['sts:AssumeRole', 'sts:TagSession'] as const;

interface Hop {
  readonly trust?: PolicyDocument;
  readonly permissions?: PolicyDocument;
  readonly setting?: Setting;
  readonly change?: (world: World) => unknown;
}

function worldAt(stage: Stage, { trust, permissions = allowing(BOTH, OTHER), setting, change }: Hop) {
  const inventory = pilotAt(stage, setting);
  const world = agreedWorld(inventory);
  const { inline, attached } = world.rolePolicies[SOURCE]!;
  world.rolePolicies[SOURCE] = { attached, inline: { ...inline, hop: permissions } };
  if (trust !== undefined) world.roles[`${ACCOUNT}/reports`] = roleFactsOf({ arn: OTHER, trust });
  change?.(world);
  return { inventory, world };
}

async function doctorAt(stage: Stage, hop: Hop) {
  const { findings } = await ask(worldAt(stage, hop));
  return findings.filter(({ check }) => check === 'undeclared-hop');
}

async function gateAt(stage: Stage, hop: Hop, direction: 'forward' | 'back' = 'forward') {
  const { inventory, world } = worldAt(stage, hop);
  const request = { wave: 'pilot', environment: 'prod', direction } as const;
  const { evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
  return evidence.filter(({ check }) => check === 'undeclared-hop');
}

const UNTAGGED: Hop = { trust: trusting('sts:AssumeRole') };

describe('a hop to a role that is no target', () => {
  it.each<[Stage, readonly string[]]>([
    ['irsa', []],
    ['prepared', ['warning']],
    ['dual', ['problem']],
    ['cutover', ['problem']],
    ['pod-identity', ['problem']],
  ])('whose trust policy lacks sts:TagSession: the doctor says at %s %j', async (stage, states) => {
    const found = await doctorAt(stage, UNTAGGED);
    expect(found.map(({ state }) => state)).toEqual(states);
    for (const one of found) {
      expect(one.found).toMatch(
        /on IRSA, but not on Pod Identity[^]*trust policy of reports: sts:TagSession is denied/,
      );
      expect(remedyText(one.remedy!)).toMatch(
        /^Add sts:TagSession to Action in statement 0 of the trust policy of \S+/,
      );
      expect(remedyText(one.remedy!)).toMatch(/workloads\.orders-api\.sessionTags: false/);
    }
  });

  it.each<[Stage, 'forward' | 'back', readonly string[]]>([
    ['irsa', 'forward', []],
    ['prepared', 'forward', ['no']],
    ['dual', 'forward', ['no']],
    ['dual', 'back', []],
    ['prepared', 'back', []],
  ])('the gate from %s %s says %j', async (stage, direction, holds) => {
    expect((await gateAt(stage, UNTAGGED, direction)).map((one) => one.holds)).toEqual(holds);
  });

  it('is never advised as a target that podlift would create: the role exists, and others can use it', async () => {
    const [one] = await doctorAt('dual', UNTAGGED);
    expect(remedyText(one!.remedy!)).toMatch(
      /workloads\.orders-api\.targets \(account \d+\) with role: \{ manage: external, name: reports \}/,
    );
  });

  it('asks the owner of an external role for what its permissions lack, and never for an apply', async () => {
    const setting = { workload: { role: roleSettingsOf({ manage: 'external' }) } };
    const permissions = allowing('sts:AssumeRole', OTHER);
    const trust = trusting('sts:*', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
    const [one] = await doctorAt('dual', { trust, permissions, setting });
    const text = remedyText(one!.remedy!);
    expect(text).toMatch(/^The owner of \S+ must allow sts:TagSession on \S+ in its permissions/);
    expect(text).not.toMatch(/then apply|workloads\.orders-api\.permissions/);
  });

  it.each<[string, Hop]>([
    ['allows sts:TagSession', { trust: trusting(BOTH) }],
    ['allows everything to the account', { trust: trusting('sts:*', { Principal: { AWS: ACCOUNT } }) }],
  ])('passes where its trust policy %s', async (_what, hop) => {
    expect((await doctorAt('dual', hop)).map(({ state }) => state)).toEqual(['ok']);
    expect((await gateAt('prepared', hop)).map((one) => one.holds)).toEqual(['yes']);
  });

  it.each<[string, Hop]>([
    ['is the role of the workload itself', { permissions: allowing('sts:AssumeRole', OWN) }],
    [
      'is a target',
      {
        setting: { targets: [targetOf()] },
        permissions: allowing('sts:AssumeRole', 'arn:aws:iam::444444444444:role/prod-orders-api-ledger'),
      },
    ],
    ['does not exist', {}],
    ['cannot be assumed on IRSA either', { trust: trusting('sts:AssumeRole', { Principal: { AWS: '999999999999' } }) }],
    ['gets no session tags', { ...UNTAGGED, setting: { workload: { sessionTags: false } } }],
    ['is one of all, for an administrator', { permissions: allowing('*') }],
    ['is named for another action', { ...UNTAGGED, permissions: allowing('iam:PassRole', OTHER) }],
    [
      'is not allowed',
      { ...UNTAGGED, permissions: { Statement: { Effect: 'Deny', Action: 'sts:*', Resource: OTHER } } },
    ],
  ])('is not judged where the role %s', async (_what, hop) => {
    expect(await doctorAt('dual', hop)).toEqual([]);
    expect(await gateAt('prepared', hop)).toEqual([]);
  });

  it.each<[string, PolicyDocument]>([
    ['sts:TagSession of the workload’s own permissions', allowing('sts:AssumeRole', OTHER)],
    ['it by a pattern of actions', allowing('sts:Assume*', OTHER)],
    ['it by NotAction', { Statement: { Effect: 'Allow', NotAction: ['s3:*', 'sts:TagSession'], Resource: OTHER } }],
  ])('of another account is found where %s is missing', async (_what, permissions) => {
    const arn = 'arn:aws:iam::444444444444:role/reports';
    const far = JSON.parse(JSON.stringify(permissions).replaceAll(OTHER, arn)) as PolicyDocument;
    const change = (world: World) =>
      (world.roles['444444444444/reports'] = roleFactsOf({ arn, trust: trusting(BOTH) }));
    const [one] = await doctorAt('dual', { permissions: far, change, setting: { targets: [targetOf()] } });
    expect(one!.state).toBe('problem');
    expect(one!.found).toMatch(/permissions of prod-orders-api: sts:TagSession is denied/);
  });

  it.each<[string, PolicyDocument, RegExp]>([
    [
      'is in an account that the inventory lacks',
      allowing(BOTH, FAR),
      /trust policy of arn:aws:iam::999999999999:role/,
    ],
    ['is named by a pattern', allowing(BOTH, `arn:aws:iam::${ACCOUNT}:role/reports-*`), /each role that \S+reports-\*/],
    ['is every role', allowing('sts:AssumeRole'), /each role that \* matches/],
    [
      'is named by a variable',
      allowing(BOTH, `arn:aws:iam::${ACCOUNT}:role/\${aws:PrincipalTag/team}`),
      /each role that/,
    ],
  ])('could not be checked where the role %s', async (_what, permissions, text) => {
    const [evidence] = await gateAt('prepared', { permissions });
    expect(evidence).toMatchObject({ holds: 'unknown' });
    expect(evidence!.found).toMatch(text);
    expect(evidence!.found).toMatch(/must allow sts:TagSession/);
    expect(evidence!.remedy).toMatch(/sessionTags: false/);
    expect((await doctorAt('prepared', { permissions })).map(({ state }) => state)).toEqual(['warning']);
  });

  it('could not be checked where the role gives no answer', async () => {
    const change = (world: World) => (world.unanswered[`role ${ACCOUNT} reports`] = 'denied');
    const [evidence] = await gateAt('prepared', { ...UNTAGGED, change });
    expect(evidence).toMatchObject({ holds: 'unknown', reason: 'denied' });
  });
});

describe('--action sts:AssumeRole with a role', () => {
  const answer = async (stage: Stage, hop: Hop, resource = OTHER) => {
    const { findings } = await ask(worldAt(stage, hop), { access: { action: 'sts:AssumeRole', resource } });
    return findings.find(({ check }) => check === 'access')!;
  };

  it.each<[Stage, Hop, string, RegExp]>([
    ['dual', UNTAGGED, 'problem', /is not allowed, the trust policy of reports included:\nsts:TagSession is denied/],
    ['irsa', UNTAGGED, 'warning', /is allowed on IRSA, but not on Pod Identity/],
    ['dual', { trust: trusting(BOTH) }, 'ok', /is allowed by .*, and by the trust policy of reports\n/],
    ['prepared', { trust: trusting(BOTH) }, 'ok', /and by the trust policy of reports\n/],
    ['dual', { trust: allowing('sts:*') }, 'problem', /sts:AssumeRole is denied/],
    ['dual', {}, 'problem', /there is no role arn/],
    ['dual', { trust: trusting(BOTH), permissions: allowing('s3:*') }, 'problem', /no identity policy allows it/],
  ])('at %s is answered by its trust policy too', async (stage, hop, state, text) => {
    const found = await answer(stage, hop);
    expect(found.found).toMatch(text);
    expect(found.state).toBe(state);
  });

  it('says what the trust policy needs where it could not be read', async () => {
    const found = await answer('dual', { permissions: allowing(BOTH, FAR) }, FAR);
    expect(found).toMatchObject({ state: 'unknown', reason: 'failed' });
    expect(found.found).toMatch(
      /account 999999999999 is none of the inventory's accounts[^]*must allow sts:TagSession/,
    );
  });
});
